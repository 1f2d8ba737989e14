import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { depthOf, maxDepth } from '../../consent/verified-claims/request-constraints.ts'
import { readVerifiedRequest } from '../../consent/verified-claims/verified-request.ts'
import { replaceClaims } from '../patches/identity-assurance.ts'
import type { Feature } from './feature-types.ts'

const targets = ['userinfo', 'id_token'] as const

/**
 * `verified_claims` is an object or an array (OpenID Connect for Identity Assurance 1.0, 5). oidc-provider ignores an
 * array, so it is put into an object before anything else reads the parameter.
 */
export const claimsParameter: Feature<'claimsParameter'> = {
  assertClaimsParameter({ oidc }: KoaContextWithOIDC, claims) {
    if (depthOf(claims) > maxDepth) throw new errors.InvalidRequest('claims parameter is too deep')
    const values = (claims.id_token?.['acr'] as { values?: unknown } | null | undefined)?.values
    if (values !== undefined && !Array.isArray(values))
      throw new errors.InvalidRequest('claims.id_token.acr.values is no array')
    let rewritten: object = claims
    for (const target of targets) {
      const members = claims[target]
      if (!members || !Object.hasOwn(members, 'verified_claims')) continue
      const request = readVerifiedRequest(members['verified_claims'])
      if (!request)
        throw new errors.InvalidRequest(
          `claims.${target}.verified_claims is not a request for them`,
        )
      rewritten = { ...rewritten, [target]: { ...members, verified_claims: request } }
    }
    if (rewritten !== claims) replaceClaims(oidc, rewritten)
  },
}
