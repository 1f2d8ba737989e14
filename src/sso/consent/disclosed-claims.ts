import type { AccountClaims, Client, Configuration, KoaContextWithOIDC } from 'oidc-provider'
import type { Account } from '../../people/account.ts'
import { provedAtOf } from '../../people/identity-proof.ts'
import type { Accounts } from '../../ports/accounts.ts'
import type { Clock } from '../../ports/clock.ts'
import { claimsOf, claimsOfScopes } from './claim-values.ts'
import { disclosedVerifiedClaims } from './verified-claims/disclosed-verified-claims.ts'

/** Loads the account of a session for oidc-provider, and the claims that a client gets about it. */
export const accountClaims =
  (accounts: Accounts, clock: Clock): NonNullable<Configuration['findAccount']> =>
  async (ctx, id) => {
    const account = await accounts.findById(id)
    // An account that is being closed has no sessions and discloses nothing, from the moment of the request on.
    if (!account || account.closingSince) return undefined
    return {
      accountId: account.id,
      version: account.version,
      agreement: account.agreement,
      /** Only persons have it: an organisation has no verified claims that could be too old. */
      provedAt: account.kind === 'individual' ? provedAtOf(account) : undefined,
      claims: (_use, scope, claims) => disclosedClaims(account, ctx, { scope, ...claims }, clock()),
    }
  }

function disclosedClaims(
  account: Account,
  {
    oidc: {
      client,
      entities: { Grant: grant },
    },
  }: KoaContextWithOIDC,
  asked: { readonly scope: string; readonly verified_claims?: unknown },
  now: number,
): AccountClaims {
  // The claims parameter can name claims beyond the scopes of the request; the client's metadata still limit them.
  const claims = { ...allowedClaims(claimsOf(account), client), sub: account.id }
  if (!client || !grant) return claims
  const verified = disclosedVerifiedClaims(account, asked, { client, grant }, now)
  return verified ? { ...claims, verified_claims: verified } : claims
}

function allowedClaims(claims: object, client: Client | undefined) {
  const names = claimsOfScopes(client?.scope)
  return Object.fromEntries(Object.entries(claims).filter(([name]) => names.has(name)))
}
