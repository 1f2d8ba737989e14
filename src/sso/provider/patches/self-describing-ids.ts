import { Provider } from 'oidc-provider'
import type { HintedModel, OidcStorage } from '../../../ports/sso/oidc-storage.ts'
import { assertSeam } from '../assert-seam.ts'

type Token = {
  readonly accountId?: string
  readonly format?: string
  generateTokenId(): string
}
type Session = {
  id: string
  readonly accountId?: string
  readonly new?: boolean
  loginAccount(details: object): void
  resetIdentifier(): void
}

const tokenModels = [
  'AccessToken',
  'AuthorizationCode',
  'ClientCredentials',
  'RefreshToken',
] as const

/**
 * Patches: `generateTokenId` of codes and tokens, and `loginAccount` and `resetIdentifier` of Session.
 * Why: an id tells its model, so that the others are not asked for it, and tells us where the account and the session
 * are, so that a request reads all it needs at once (decision 0244). oidc-provider has an option for the length only.
 * Shown by: test/sso/round-trips.test.ts.
 * On an upgrade: look at lib/models/formats/opaque.js, lib/models/session.js and lib/actions/authorization/resume.js.
 */
export function makeSelfDescribingIds(
  provider: Provider,
  storage: Pick<OidcStorage, 'newId'>,
): void {
  for (const name of tokenModels) patchTokens(provider, name, storage)
  const sessions = provider.Session.prototype as unknown as Session
  const { loginAccount, resetIdentifier } = sessions
  for (const [name, method] of Object.entries({ loginAccount, resetIdentifier }))
    assertSeam(typeof method === 'function', 'self-describing-ids', `Session.${name} is a method`)
  /** The id that the session got just now and that no browser has yet. */
  const describe = (session: Session) => {
    const { accountId } = session
    if (accountId) session.id = storage.newId('Session', session.id, { accountId })
  }
  Object.assign(sessions, {
    loginAccount(this: Session, details: object) {
      loginAccount.call(this, details)
      if (this.new) describe(this)
    },
    resetIdentifier(this: Session) {
      resetIdentifier.call(this)
      describe(this)
    },
  } satisfies Pick<Session, 'loginAccount' | 'resetIdentifier'>)
}

function patchTokens(
  provider: Provider,
  name: HintedModel,
  storage: Pick<OidcStorage, 'newId'>,
): void {
  const tokens = provider[name].prototype as unknown as Token
  const { generateTokenId } = tokens
  assertSeam(
    typeof generateTokenId === 'function',
    'self-describing-ids',
    `${name}.generateTokenId is a method`,
  )
  tokens.generateTokenId = function (this: Token) {
    const random = generateTokenId.call(this)
    // The `jti` of a JWT, which stands in the JWT itself.
    if (this.format === 'jwt') return random
    const { accountId } = this
    const { params, session } = Provider.ctx?.oidc ?? {}
    const source = params?.['code'] ?? params?.['refresh_token']
    return storage.newId(name, random, {
      accountId,
      sessionId: session?.jti,
      ...(typeof source === 'string' && { source }),
    })
  }
}
