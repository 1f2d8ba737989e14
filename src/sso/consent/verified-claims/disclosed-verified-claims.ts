import type { Client, Grant } from 'oidc-provider'
import type { Account } from '../../../people/account.ts'
import { verifiedClaimKey } from '../requested-claims.ts'
import { allowedNames, claimLimitsOf, namesByScope, scopesIn } from './allowed-verified-claims.ts'
import { type VerifiedClaims, verifiedClaims } from './verified-answer.ts'
import { readVerifiedRequest, requestByScope, type VerifiedRequests } from './verified-request.ts'

/** A request for verified claims: the `claims` parameter's `verified_claims`, or scopes. */
type ClaimsRequest = { readonly scope: string; readonly verified_claims?: unknown }

/**
 * The client that requested the claims, the client that reads the answer (another one at introspection), and the grant.
 */
type Parties = { readonly client: Client; readonly reader?: Client; readonly grant: Grant }

/**
 * The verified claims of an answer: those that were requested, that the metadata of client and reader allow, and that
 * the grant covers.
 */
export function disclosedVerifiedClaims(
  account: Account,
  asked: ClaimsRequest,
  { client, reader = client, grant }: Parties,
  now: number,
): VerifiedClaims | readonly VerifiedClaims[] | undefined {
  const agreed = grant.getOIDCClaims()
  const readable = allowedNames(claimLimitsOf(reader))
  const names = allowedNames(claimLimitsOf(client)).filter(
    (name) => readable.includes(name) && agreed.includes(verifiedClaimKey(name)),
  )
  const request = requestOf(asked, client)
  return request && verifiedClaims(account, request, { clientId: reader.clientId, names }, now)
}

function requestOf({ scope, verified_claims: single }: ClaimsRequest, client: Client) {
  if (single) return readVerifiedRequest(single)
  const names = namesByScope(scopesIn(scope), claimLimitsOf(client))
  return names.length ? (requestByScope(names) satisfies VerifiedRequests) : undefined
}
