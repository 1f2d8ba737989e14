import { type AdapterPayload, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { Policy } from '../../../../config/limits-and-lifetimes.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { OidcStorage } from '../../../ports/sso/oidc-storage.ts'
import { assertSeam } from '../assert-seam.ts'

type Token = {
  jti: string
  exp?: number
  consumed?: unknown
  readonly remainingTTL: number
  save(): Promise<string>
  consume(): Promise<void>
  getValueAndPayload(): Promise<{ readonly payload: AdapterPayload }>
}
type Options = { readonly ignoreExpiration?: boolean; readonly ignoreSessionBinding?: boolean }
type RefreshTokens = {
  readonly prototype: Token
  find(value: string, options?: Options): Promise<Token | undefined>
  expiresIn(ctx: KoaContextWithOIDC, token: Token, client: unknown): number
}
type AccessTokens = { readonly prototype: Pick<Token, 'save'> }

export type RefreshPorts = {
  readonly storage: Pick<OidcStorage, 'extend' | 'rotate' | 'successorOf'>
  readonly clock: Clock
  readonly policy: Pick<Policy, 'tokens'>
}

/**
 * Patches: `find`, `save` and `consume` of RefreshToken, and `save` of AccessToken.
 * Why: a refresh token survives lost responses, parallel use and outages. oidc-provider marks a token as used before it
 * has issued anything, and then issues a random successor. Here the successor is derived from the used token, and the
 * one write that marks the one and stores the other comes last, after the access token is stored. A token whose use
 * can be repeated is found as unused. A token that is not rotated gets a later end at the same moment.
 * Shown by: test/sso/refresh.test.ts.
 * On an upgrade: look at lib/actions/grants/refresh_token.js, for the order of its writes and for
 * `entities.RotatedRefreshToken`.
 */
export function keepRefreshTokens(
  provider: Provider,
  { storage, clock, policy: { tokens: policy } }: RefreshPorts,
): void {
  const refreshTokens = provider.RefreshToken as unknown as RefreshTokens
  const accessTokens = provider.AccessToken as unknown as AccessTokens
  assertSeams(refreshTokens, accessTokens)
  const { find } = refreshTokens
  const { save: saveNew } = refreshTokens.prototype
  const { save: saveAccess } = accessTokens.prototype
  const seconds = () => Math.floor(clock() / 1000)

  async function isRepeatable({ jti, consumed }: Token): Promise<boolean> {
    if (seconds() - Number(consumed) > policy.refreshRepeat) return false
    const options = { ignoreSessionBinding: true }
    const successor = await find.call(refreshTokens, storage.successorOf(jti), options)
    return successor !== undefined && !successor.consumed
  }

  async function rotate(used: Token, successor: Token): Promise<void> {
    const { payload } = await successor.getValueAndPayload()
    await storage.rotate(used.jti, payload, successor.remainingTTL)
  }

  async function extend(token: Token, ctx: KoaContextWithOIDC): Promise<void> {
    const lifetime = refreshTokens.expiresIn(ctx, token, ctx.oidc.client)
    const end = seconds() + lifetime
    if (end - (token.exp ?? 0) < policy.refreshMove) return
    token.exp = end
    const { payload } = await token.getValueAndPayload()
    await storage.extend(token.jti, payload, lifetime)
  }

  refreshTokens.find = async (value, options) => {
    const token = await find.call(refreshTokens, value, options)
    if (token?.consumed && (await isRepeatable(token))) delete token.consumed
    return token
  }

  Object.assign(refreshTokens.prototype, {
    // `rotate` consumes the token.
    consume: async () => undefined,
    async save(this: Token) {
      const used = usedToken(Provider.ctx)
      if (!used) return saveNew.call(this)
      this.jti = storage.successorOf(used.jti)
      return this.jti
    },
  } satisfies Pick<Token, 'consume' | 'save'>)

  accessTokens.prototype.save = async function (this: Token) {
    const value = await saveAccess.call(this)
    const { ctx } = Provider
    if (ctx?.oidc?.route !== 'token' || ctx.oidc.params?.['grant_type'] !== 'refresh_token')
      return value
    const token = ctx.oidc.entities.RefreshToken as unknown as Token
    const used = usedToken(ctx)
    await (used ? rotate(used, token) : extend(token, ctx))
    return value
  }
}

/** The token that the present request rotates. */
const usedToken = (ctx: KoaContextWithOIDC | undefined) =>
  ctx?.oidc?.entities.RotatedRefreshToken as unknown as Token | undefined

function assertSeams(refreshTokens: RefreshTokens, accessTokens: AccessTokens): void {
  const methods = {
    'RefreshToken.find': refreshTokens.find,
    'RefreshToken.expiresIn': refreshTokens.expiresIn,
    'RefreshToken.prototype.save': refreshTokens.prototype.save,
    'RefreshToken.prototype.consume': refreshTokens.prototype.consume,
    'RefreshToken.prototype.getValueAndPayload': refreshTokens.prototype.getValueAndPayload,
    'AccessToken.prototype.save': accessTokens.prototype.save,
  }
  for (const [name, method] of Object.entries(methods))
    assertSeam(typeof method === 'function', 'refresh-tokens', `${name} is a method`)
}
