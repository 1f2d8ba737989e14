import * as z from 'zod'
import {
  type VerifiedClaimName,
  verifiedClaimNames,
  verifiedScope,
  verifiedScopeClaims,
} from '../../../../config/claims/verified-claims.ts'
import type { Json } from './request-constraints.ts'

const purpose = z.string().min(3).max(300).optional()
const element = z.looseObject({
  essential: z.boolean().optional(),
  purpose,
  values: z.array(z.json()).min(1).optional(),
  max_age: z.int().min(0).optional(),
})

/** A member of `verification` is a string (OpenID Connect for Identity Assurance 1.0, 5.4). */
const word = element
  .extend({ value: z.string().optional(), values: z.array(z.string()).min(1).optional() })
  .nullable()

/**
 * An entry of `evidence` requests one type; a request without `evidence` gets all (OpenID Connect for Identity
 * Assurance 1.0, 5.4).
 */
const evidence = z.looseObject({ type: z.looseObject({ value: z.string() }) })

const requestSchema = z.strictObject({
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
 * One requested element of `verified_claims`. `verification` null requests all of it; `claims` null requests no claim,
 * so that there is no answer (OpenID Connect for Identity Assurance 1.0, 5.7).
 */
export type VerifiedRequest = {
  readonly verification: Json
  readonly claims: { readonly [name: string]: Json } | null
}

/** A list, inside an object: oidc-provider ignores members that are not objects. */
const listSchema = z.strictObject({ each: z.array(requestSchema).min(1).max(20) })
const parameterSchema = z.union([requestSchema, listSchema])

/** A request for one element or for several. */
export type VerifiedRequests = VerifiedRequest | { readonly each: readonly VerifiedRequest[] }

/** Parses `verified_claims` of a `claims` parameter, an array or an object; undefined if it is invalid. */
export function readVerifiedRequest(value: unknown): VerifiedRequests | undefined {
  const parsed = parameterSchema.safeParse(Array.isArray(value) ? { each: value } : value)
  return parsed.success ? (parsed.data as VerifiedRequests) : undefined
}

export function requestList(requests: VerifiedRequests | undefined): readonly VerifiedRequest[] {
  if (!requests) return []
  return 'each' in requests ? requests.each : [requests]
}

/** The request that a scope stands for: all of the verification, and these claims. */
export const requestByScope = (names: readonly VerifiedClaimName[]): VerifiedRequest => ({
  verification: null,
  claims: Object.fromEntries(names.map((name) => [name, null])),
})

/** The claims that the scope `verified_identity` requests together with the other scopes. */
export function claimsByScope(scopes: readonly string[]): readonly VerifiedClaimName[] {
  if (!scopes.includes(verifiedScope)) return []
  return Object.entries(verifiedScopeClaims).flatMap(([scope, names]) =>
    scopes.includes(scope) ? names : [],
  )
}

export const isVerifiedClaim = (name: string): name is VerifiedClaimName =>
  verifiedClaimNames.some((known) => known === name)
