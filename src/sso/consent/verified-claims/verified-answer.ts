import type { VerifiedClaimName } from '../../../../config/claims/verified-claims.ts'
import type { Account } from '../../../people/account.ts'
import { dayInChina } from '../../../people/fields/birthdate.ts'
import { type VerifiedFacts, verifiedFacts } from '../../../people/verified-facts.ts'
import { isMembers, type Json, meets, select } from './request-constraints.ts'
import { verificationOf } from './verification.ts'
import type { VerifiedRequest, VerifiedRequests } from './verified-request.ts'

/** A `verified_claims` element (OpenID Identity Assurance Schema Definition 1.0, 5). */
export type VerifiedClaims = {
  readonly verification: Json
  readonly claims: VerifiedFacts
}

/** The client that reads the answer, and the claims that it may see. */
export type Audience = {
  readonly clientId: string
  readonly names: readonly VerifiedClaimName[]
}

/**
 * The verified claims of an account: an object if an object was requested, all possible elements if a list was;
 * undefined if there are none. An organisation has none: being its handler claims no identity (specification, section
 * 3).
 */
export function verifiedClaims(
  account: Account,
  requests: VerifiedRequests,
  { clientId, names }: Audience,
  now: number,
): VerifiedClaims | readonly VerifiedClaims[] | undefined {
  if (account.kind !== 'individual') return undefined
  const known = verifiedFacts(account, dayInChina(now))
  const seen = Object.fromEntries(Object.entries(known).filter(([name]) => isOneOf(name, names)))
  const verification = verificationOf(account, clientId)
  const answer = (request: VerifiedRequest) => answerTo(request, verification, seen, now)
  if (!names.length) return undefined
  if (!('each' in requests)) return answer(requests)
  const answers = requests.each.map(answer).filter((given) => given !== undefined)
  return answers.length ? answers : undefined
}

/**
 * Leaves out claims whose constraint is not met, and the whole element if no claim remains (OpenID Connect for Identity
 * Assurance 1.0, 5.7).
 */
function answerTo(
  { verification: wish, claims: wanted }: VerifiedRequest,
  verification: Json,
  facts: VerifiedFacts,
  now: number,
): VerifiedClaims | undefined {
  const selected = select(wish, verification, now)
  if (selected === undefined) return undefined
  const claims = Object.entries(facts).filter(([name, fact]) => {
    const asked = wanted && Object.hasOwn(wanted, name) ? wanted[name] : undefined
    return asked !== undefined && (!isMembers(asked) || meets(asked, fact, now))
  })
  return claims.length ? { verification: selected, claims: Object.fromEntries(claims) } : undefined
}

const isOneOf = (name: string, names: readonly string[]) => names.includes(name)
