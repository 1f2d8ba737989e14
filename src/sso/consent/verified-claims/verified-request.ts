import * as z from 'zod'
import {
  type VerifiedClaimName,
  verifiedClaimNames,
  verifiedScope,
  verifiedScopeClaims,
} from '../../../../config/verified-claims.ts'
import type { Json } from './request-constraints.ts'

const purpose = z.string().min(3).max(300).optional()
const element = z.looseObject({
  essential: z.boolean().optional(),
  purpose,
  values: z.array(z.json()).min(1).optional(),
  max_age: z.int().min(0).optional(),
})

/** What `verification` names is a word (OpenID Connect for Identity Assurance 1.0, 5.4). */
const word = element
  .extend({ value: z.string().optional(), values: z.array(z.string()).min(1).optional() })
  .nullable()

/** One entry of `evidence` asks for one type of it; all of it is asked for by nothing (5.4). */
const evidence = z.looseObject({ type: z.looseObject({ value: z.string() }) })

const one = z.strictObject({
  verification: z.looseObject({
    trust_framework: word,
    assurance_level: word.optional(),
    time: element.nullish(),
    evidence: z.array(evidence).min(1).optional(),
  }),
  claims: z
    .record(z.string(), element.nullable())
    .refine((claims) => Object.keys(claims).length > 0)
    .nullable(),
})

/**
 * What a `claims` parameter asks for as verified. `verification` null: all that is known. `claims` null: none, so that
 * there is no answer (5.7).
 */
export type VerifiedRequest = {
  readonly verification: Json
  readonly claims: { readonly [name: string]: Json } | null
}

/** oidc-provider drops a member that is no object, so that an array stands in one. */
const list = z.strictObject({ each: z.array(one).min(1).max(20) })
const asked = z.union([one, list])

/** One answer, or as many as can be given of several. */
export type VerifiedRequests = VerifiedRequest | { readonly each: readonly VerifiedRequest[] }

/** The value of `verified_claims` in a `claims` parameter, array or object; undefined where it is not as it must be. */
export function readVerifiedRequest(value: unknown): VerifiedRequests | undefined {
  const parsed = asked.safeParse(Array.isArray(value) ? { each: value } : value)
  return parsed.success ? (parsed.data as VerifiedRequests) : undefined
}

export function requestList(requests: VerifiedRequests | undefined): readonly VerifiedRequest[] {
  if (!requests) return []
  return 'each' in requests ? requests.each : [requests]
}

/** What the scope asks for: everything about the verification, and these claims. */
export const requestByScope = (names: readonly VerifiedClaimName[]): VerifiedRequest => ({
  verification: null,
  claims: Object.fromEntries(names.map((name) => [name, null])),
})

/** What the scope `verified_identity` asks for together with the others of the request. */
export function claimsByScope(scopes: readonly string[]): readonly VerifiedClaimName[] {
  if (!scopes.includes(verifiedScope)) return []
  return Object.entries(verifiedScopeClaims).flatMap(([scope, names]) =>
    scopes.includes(scope) ? names : [],
  )
}

export const isVerifiedClaim = (name: string): name is VerifiedClaimName =>
  verifiedClaimNames.some((known) => known === name)
