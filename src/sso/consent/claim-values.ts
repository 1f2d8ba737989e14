import { type ClaimName, type Scope, scopeClaims } from '../../../config/oidc.ts'
import type { Account, Individual, Organisation } from '../../people/account.ts'

/** `verified_claims` are made for each request (`verified-claims/`). */
type Claims = Partial<Record<Exclude<ClaimName, 'verified_claims'>, string | boolean>>

/** What is told of an account, scopes aside (specification, section 6); names code point for code point. */
export const claimsOf = (account: Account): Claims => ({
  sub: account.id,
  preferred_username: account.username,
  user_type: account.kind,
  phone_number: account.phone,
  // The bank confirmed it as the card's, and it got a code by SMS.
  phone_number_verified: true,
  ...(account.kind === 'individual' ? personalClaims(account) : unitClaims(account)),
})

const personalClaims = ({ name, gender, birthdate, document }: Individual): Claims => ({
  name,
  gender,
  birthdate,
  id_type: document.type,
  id_number: document.number,
})

/** A unit's name is the unit's: being its handler claims no identity (specification, section 3). */
const unitClaims = ({ unit, confirmedAt }: Organisation): Claims => ({
  name: unit.name,
  org_name: unit.name,
  org_id_type: 'uscc',
  org_id_number: unit.code,
  org_confirmed: confirmedAt !== undefined,
})

/** The claims that these scopes give, e.g. all that a client's metadata allows. */
export function claimsOfScopes(scopes: string | undefined): Set<string> {
  const words = scopes?.split(' ') ?? []
  return new Set(
    words.flatMap((word): readonly string[] => (isClaimScope(word) ? scopeClaims[word] : [])),
  )
}

const isClaimScope = (word: string): word is Scope & keyof typeof scopeClaims =>
  Object.hasOwn(scopeClaims, word)
