import type { Client } from 'oidc-provider'
import {
  type VerifiedClaimName,
  verifiedScope,
  verifiedScopeClaims,
} from '../../../config/claims/verified-claims.ts'
import { claimsOfScopes } from './claim-values.ts'
import {
  allowedNames,
  claimLimitsOf,
  namesByScope,
  scopesIn,
} from './verified-claims/allowed-verified-claims.ts'
import { isMembers, type Json } from './verified-claims/request-constraints.ts'
import {
  isVerifiedClaim,
  readVerifiedRequest,
  requestList,
} from './verified-claims/verified-request.ts'

/** The parameters of an authorization request after `assertClaimsParameter`. */
export type RequestParameters = { readonly scope?: unknown; readonly claims?: unknown }

/** A requested claim; the name of a verified one begins with `verified_claims.`. */
export type RequestedClaim = {
  readonly name: string
  /** The scope that requests it; absent if only the `claims` parameter does. */
  readonly scope?: string
  readonly essential: boolean
  /** The client's purpose for it (OpenID Connect for Identity Assurance 1.0, 5). */
  readonly purpose?: string
}

const prefix = 'verified_claims.'
export const verifiedClaimKey = (name: VerifiedClaimName): string => `${prefix}${name}`

/** All requested claims that the client's metadata allow, each once. */
export function requestedClaims(
  asking: RequestParameters,
  client: Client,
): readonly RequestedClaim[] {
  const requestedClaim = new Map<string, RequestedClaim>()
  for (const claim of [
    ...claimsOfRequestedScopes(asking, client),
    ...claimsOfParameter(asking, client),
  ]) {
    const { essential = false, ...known } = requestedClaim.get(claim.name) ?? {}
    requestedClaim.set(claim.name, { ...claim, ...known, essential: essential || claim.essential })
  }
  return [...requestedClaim.values()]
}

/** The names of the requested verified claims, as a grant stores them. */
export const requestedVerifiedClaims = (
  asking: RequestParameters,
  client: Client,
): readonly string[] =>
  requestedClaims(asking, client)
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix))

function claimsOfRequestedScopes({ scope }: RequestParameters, client: Client): RequestedClaim[] {
  const scopes = scopesIn(scope)
  const plain = scopes.flatMap((word) =>
    [...claimsOfScopes(word)].map((name) => ({ name, scope: word, essential: false })),
  )
  const verified = namesByScope(scopes, claimLimitsOf(client)).map((name) => ({
    name: verifiedClaimKey(name),
    scope: scopes.find((word) => includesClaim(word, name)) ?? verifiedScope,
    essential: false,
  }))
  return [...plain, ...verified].filter(({ name }) => name !== 'verified_claims')
}

const includesClaim = (scope: string, name: VerifiedClaimName): boolean =>
  Object.entries(verifiedScopeClaims).some(
    ([one, names]) => one === scope && names.some((given) => given === name),
  )

/** The smallest essential `max_age` of a requested verification, in seconds. */
export function essentialMaxAge(asking: RequestParameters, client: Client): number | undefined {
  if (!requestedVerifiedClaims(asking, client).length) return undefined
  const ages = targetsOf(asking)
    .flatMap(({ verified_claims: request }) => requestList(readVerifiedRequest(request)))
    .flatMap(({ verification }) => {
      const { max_age: age, essential } = membersOf(membersOf(verification)['time'])
      return typeof age === 'number' && essential === true ? [age] : []
    })
  return ages.length ? Math.min(...ages) : undefined
}

type Targets = { readonly [target: string]: Json }

function targetsOf({ claims }: RequestParameters) {
  const targets: Targets = typeof claims === 'string' ? JSON.parse(claims) : {}
  return ['userinfo', 'id_token'].map((target) => membersOf(targets[target]))
}

function claimsOfParameter(asking: RequestParameters, client: Client): RequestedClaim[] {
  const plain = claimsOfScopes(client.scope)
  const verified = allowedNames(claimLimitsOf(client))
  return targetsOf(asking).flatMap(({ verified_claims: request, ...wishes }) => {
    return [
      ...Object.entries(wishes)
        .filter(([name]) => plain.has(name))
        .map(([name, wish]) => asked(name, wish)),
      ...requestList(readVerifiedRequest(request))
        .flatMap(({ claims: names }) => Object.entries(names ?? {}))
        .flatMap(([name, wish]) =>
          isVerifiedClaim(name) && verified.includes(name)
            ? [asked(verifiedClaimKey(name), wish)]
            : [],
        ),
    ]
  })
}

function asked(name: string, wish: Json): RequestedClaim {
  const { essential, purpose } = membersOf(wish)
  return {
    name,
    essential: essential === true,
    ...(typeof purpose === 'string' && { purpose }),
  }
}

const membersOf = (json: Json | undefined) => (json !== undefined && isMembers(json) ? json : {})
