import { type Adapter, type Configuration, type JWK, Provider } from 'oidc-provider'
import { ownClientMetadata, protocol } from '../../config/oidc.ts'
import type { Policy } from '../../config/policy.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Clients } from '../ports/clients.ts'
import type { Clock } from '../ports/clock.ts'
import type { OidcStorage } from '../ports/oidc-storage.ts'
import { claimsOf, claimsOfScopes } from './claims.ts'
import { takeBothSecrets } from './client-secrets.ts'
import { cookies } from './cookies.ts'
import { accountClient } from './entrance.ts'
import { grantFor } from './grants.ts'
import { lifetimes } from './lifetimes.ts'
import { prompts } from './prompts.ts'
import { recordsOf } from './records.ts'
import { keepUse, notingUse } from './session-use.ts'

/** Pages that the provider itself shows, in its own routes. */
export type ProviderPages = Pick<Configuration, 'renderError'> &
  NonNullable<NonNullable<Configuration['features']>['rpInitiatedLogout']>

export type ProviderPorts = {
  readonly storage: OidcStorage
  readonly clients: Clients
  readonly accounts: Accounts
  readonly clock: Clock
  readonly policy: Pick<Policy, 'session' | 'tokens'>
  /** How business systems are asked and told. */
  readonly fetch: NonNullable<Configuration['fetch']>
}

/** The OpenID Provider: `config/oidc.ts` says what it speaks, this what it stands on. */
export function ssoProvider(
  issuer: string,
  keys: readonly JWK[],
  cookieKeys: readonly string[],
  ports: ProviderPorts,
  { renderError, ...logoutPages }: ProviderPages,
): Provider {
  const { storage, clients, accounts, clock, policy, fetch } = ports
  const provider: Provider = new Provider(issuer, {
    ...protocol,
    // Of the platform itself; all others stand in the store.
    clients: [accountClient(issuer)],
    claims: { ...protocol.claims },
    features: {
      ...protocol.features,
      rpInitiatedLogout: { enabled: true, ...logoutPages },
      backchannelLogout: { enabled: true },
      // RFC 7009, 2.1: a client revokes its own tokens.
      revocation: {
        enabled: true,
        allowedPolicy: (_ctx, { clientId }, token) => token.clientId === clientId,
      },
    },
    extraClientMetadata: { properties: [...ownClientMetadata] },
    adapter: (model): Adapter => recordsOf(model, storage, clients, () => provider),
    jwks: { keys: [...keys] },
    cookies: cookies(issuer, cookieKeys),
    ttl: notingUse(lifetimes(policy, clock), clock),
    fetch,
    pkce: {
      // RFC 9700, 2.1.1: a nonce protects a confidential client as well.
      required: (ctx, client) =>
        client['require_pkce'] !== false ||
        client.clientAuthMethod === 'none' ||
        !ctx.oidc.params?.['nonce'],
    },
    // Only a client that lives in browsers calls from one.
    clientBasedCORS: (_ctx, origin, { clientAuthMethod, redirectUris = [] }) =>
      clientAuthMethod === 'none' && redirectUris.some((uri) => URL.parse(uri)?.origin === origin),
    findAccount: async (ctx, id) => {
      const account = await accounts.findById(id)
      return (
        account && {
          accountId: account.id,
          version: account.version,
          // The claims parameter asks past the scopes; a client's metadata still bounds it.
          claims: () => allowed(claimsOf(account), ctx.oidc.client?.scope),
        }
      )
    },
    loadExistingGrant: grantFor(storage),
    // Signing out ends the tokens; what the person agreed to is remembered by its grant.
    revokeGrantPolicy: ({ oidc }) =>
      oidc.route !== 'end_session_confirm' &&
      !(oidc.route === 'revocation' && oidc.entities.AccessToken),
    interactions: {
      policy: prompts(),
      url: ({ oidc }, { uid }) => {
        const lang = language(oidc.params?.['ui_locales'])
        return `/interaction/${uid}${lang ? `?lang=${lang}` : ''}`
      },
    },
    ...(renderError && { renderError }),
  })
  keepUse(provider)
  takeBothSecrets(provider, clients, clock)
  return provider
}

function allowed<C extends { sub?: unknown }>(claims: C, scope: string | undefined) {
  const names = claimsOfScopes(scope)
  const entries = Object.entries(claims).filter(([name]) => names.has(name))
  return { ...Object.fromEntries(entries), sub: String(claims.sub) }
}

/** The first of `ui_locales` (BCP 47, most wanted first) that the pages speak. */
function language(wanted: unknown): 'zh-CN' | 'en' | undefined {
  const tags = typeof wanted === 'string' ? wanted.toLowerCase().split(' ') : []
  const spoken = tags.map((tag) => tag.split('-')[0]).find((tag) => tag === 'zh' || tag === 'en')
  return spoken && (spoken === 'zh' ? 'zh-CN' : 'en')
}
