import type { Client } from 'oidc-provider'
import {
  partOf,
  type VerifiedClaimName,
  verifiedScope,
} from '../../../../config/claims/verified-claims.ts'
import { claimsByScope, isVerifiedClaim } from './verified-request.ts'

/** The limits that a client's metadata set. */
export type ClaimLimits = {
  readonly scope?: string | undefined
  /** The metadata `verified_claims`: the allowed names. If absent, the scopes decide. */
  readonly names?: readonly string[] | undefined
}

export const claimLimitsOf = (client: Client): ClaimLimits => ({
  scope: client.scope,
  names: client['verified_claims'] as readonly string[] | undefined,
})

/** The verified claims that the client may ever get. */
export function allowedNames({ scope, names }: ClaimLimits): readonly VerifiedClaimName[] {
  if (names) return names.filter(isVerifiedClaim)
  const wholes = claimsByScope(scopesIn(scope))
  return [...wholes, ...wholes.flatMap((name) => partOf[name] ?? [])]
}

/** The verified claims that the scopes of a request ask for: all names in the metadata, or those of the scopes. */
export const namesByScope = (requested: readonly string[], bounds: ClaimLimits) =>
  requested.includes(verifiedScope) && bounds.names
    ? allowedNames(bounds)
    : claimsByScope(requested).filter((name) => allowedNames(bounds).includes(name))

export const scopesIn = (scope: unknown): readonly string[] =>
  typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []
