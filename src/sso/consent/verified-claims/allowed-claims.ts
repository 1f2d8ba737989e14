import type { Client } from 'oidc-provider'
import {
  partOf,
  type VerifiedClaimName,
  verifiedScope,
} from '../../../../config/verified-claims.ts'
import { claimsByScope, isVerifiedClaim } from './verified-request.ts'

/** What bounds a client, of its metadata. */
export type ClaimLimits = {
  readonly scope?: string | undefined
  /** `verified_claims`: the names that it may see; absent: what its scopes allow. */
  readonly names?: readonly string[] | undefined
}

export const claimLimitsOf = (client: Client): ClaimLimits => ({
  scope: client.scope,
  names: client['verified_claims'] as readonly string[] | undefined,
})

/** The verified claims that a client may see at all. */
export function allowedNames({ scope, names }: ClaimLimits): readonly VerifiedClaimName[] {
  if (names) return names.filter(isVerifiedClaim)
  const wholes = claimsByScope(scopesIn(scope))
  return [...wholes, ...wholes.flatMap((name) => partOf[name] ?? [])]
}

/** What the scopes of a request ask for: all that the metadata names, or what the scopes say. */
export const namesByScope = (requested: readonly string[], bounds: ClaimLimits) =>
  requested.includes(verifiedScope) && bounds.names
    ? allowedNames(bounds)
    : claimsByScope(requested).filter((name) => allowedNames(bounds).includes(name))

export const scopesIn = (scope: unknown): readonly string[] =>
  typeof scope === 'string' ? scope.split(' ').filter(Boolean) : []
