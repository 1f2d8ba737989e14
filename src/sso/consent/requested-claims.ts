import type { Client } from 'oidc-provider'
import {
  type VerifiedClaimName,
  verifiedScope,
  verifiedScopeClaims,
} from '../../../config/verified-claims.ts'
import { claimsOfScopes } from './claims.ts'
import { allowedNames, boundsOf, namesByScope, wordsOf } from './verified-claims/allowed.ts'
import { isMembers, type Json } from './verified-claims/constraints.ts'
import { eachOf, isVerifiedClaim, readVerifiedRequest } from './verified-claims/request.ts'

/** The parameters of an authorization request, as they stand after `assertClaimsParameter`. */
export type Asking = { readonly scope?: unknown; readonly claims?: unknown }

/** One claim that is asked for; verified ones are called `verified_claims.` and their name. */
export type AskedClaim = {
  readonly name: string
  /** The scope that asks for it; absent: the `claims` parameter alone does. */
  readonly scope?: string
  readonly essential: boolean
  /** What the system says that it wants it for (OpenID Connect for Identity Assurance 1.0, 5). */
  readonly purpose?: string
}

const prefix = 'verified_claims.'
export const verifiedName = (name: VerifiedClaimName): string => `${prefix}${name}`

/** All that a request asks for, each claim once, as far as the client's metadata allows it. */
export function askedClaims(asking: Asking, client: Client): readonly AskedClaim[] {
  const asked = new Map<string, AskedClaim>()
  for (const claim of [...byScopes(asking, client), ...single(asking, client)]) {
    const { essential = false, ...known } = asked.get(claim.name) ?? {}
    asked.set(claim.name, { ...claim, ...known, essential: essential || claim.essential })
  }
  return [...asked.values()]
}

/** The verified ones among them, as a grant remembers them. */
export const askedVerified = (asking: Asking, client: Client): readonly string[] =>
  askedClaims(asking, client)
    .map(({ name }) => name)
    .filter((name) => name.startsWith(prefix))

function byScopes({ scope }: Asking, client: Client): AskedClaim[] {
  const scopes = wordsOf(scope)
  const plain = scopes.flatMap((word) =>
    [...claimsOfScopes(word)].map((name) => ({ name, scope: word, essential: false })),
  )
  const verified = namesByScope(scopes, boundsOf(client)).map((name) => ({
    name: verifiedName(name),
    scope: scopes.find((word) => brings(word, name)) ?? verifiedScope,
    essential: false,
  }))
  return [...plain, ...verified].filter(({ name }) => name !== 'verified_claims')
}

const brings = (scope: string, name: VerifiedClaimName): boolean =>
  Object.entries(verifiedScopeClaims).some(
    ([one, names]) => one === scope && names.some((given) => given === name),
  )

/** The age in seconds that the system needs the verification to be below, the least where it names several. */
export function essentialAge(asking: Asking, client: Client): number | undefined {
  if (!askedVerified(asking, client).length) return undefined
  const ages = targetsOf(asking)
    .flatMap(({ verified_claims: request }) => eachOf(readVerifiedRequest(request)))
    .flatMap(({ verification }) => {
      const { max_age: age, essential } = membersOf(membersOf(verification)['time'])
      return typeof age === 'number' && essential === true ? [age] : []
    })
  return ages.length ? Math.min(...ages) : undefined
}

type Targets = { readonly [target: string]: Json }

function targetsOf({ claims }: Asking) {
  const targets: Targets = typeof claims === 'string' ? JSON.parse(claims) : {}
  return ['userinfo', 'id_token'].map((target) => membersOf(targets[target]))
}

function single(asking: Asking, client: Client): AskedClaim[] {
  const plain = claimsOfScopes(client.scope)
  const verified = allowedNames(boundsOf(client))
  return targetsOf(asking).flatMap(({ verified_claims: request, ...wishes }) => {
    return [
      ...Object.entries(wishes)
        .filter(([name]) => plain.has(name))
        .map(([name, wish]) => asked(name, wish)),
      ...eachOf(readVerifiedRequest(request))
        .flatMap(({ claims: names }) => Object.entries(names ?? {}))
        .flatMap(([name, wish]) =>
          isVerifiedClaim(name) && verified.includes(name) ? [asked(verifiedName(name), wish)] : [],
        ),
    ]
  })
}

function asked(name: string, wish: Json): AskedClaim {
  const { essential, purpose } = membersOf(wish)
  return {
    name,
    essential: essential === true,
    ...(typeof purpose === 'string' && { purpose }),
  }
}

const membersOf = (json: Json | undefined) => (json !== undefined && isMembers(json) ? json : {})
