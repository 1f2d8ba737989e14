import type { Configuration } from 'oidc-provider'
import type { Accounts } from '../ports/accounts.ts'
import { claimsOf, claimsOfScopes } from './claims.ts'

/** The account of a sign-in as the provider wants it, and what a client may be told of it. */
export const accountClaims =
  (accounts: Accounts): NonNullable<Configuration['findAccount']> =>
  async (ctx, id) => {
    const account = await accounts.findById(id)
    return (
      account && {
        accountId: account.id,
        version: account.version,
        // The claims parameter asks past the scopes; a client's metadata still bounds it.
        claims: () => allowed(claimsOf(account), ctx.oidc.client?.scope),
      }
    )
  }

function allowed<C extends { sub?: unknown }>(claims: C, scope: string | undefined) {
  const names = claimsOfScopes(scope)
  const entries = Object.entries(claims).filter(([name]) => names.has(name))
  return { ...Object.fromEntries(entries), sub: String(claims.sub) }
}
