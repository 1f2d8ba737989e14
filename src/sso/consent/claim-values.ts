import { type ClaimName, scopeClaims } from '../../../config/claims/scope-claims.ts'
import type { Scope } from '../../../config/oidc.ts'
import type { Account, Individual, Organisation } from '../../people/account.ts'

/** `verified_claims` are built for each request (`verified-claims/`). */
type Claims = Partial<Record<Exclude<ClaimName, 'verified_claims'>, string | boolean>>

/**
 * All claims of an account, whatever the scopes (specification, section 6); names are disclosed code point by code
 * point.
 */
export const claimsOf = (account: Account): Claims => ({
  sub: account.id,
  preferred_username: account.username,
  user_type: account.kind,
  phone_number: account.phone,
  // The bank confirmed it as the phone of the card, and a code that was sent to it was entered.
  phone_number_verified: true,
  ...(account.kind === 'individual' ? personalClaims(account) : unitClaims(account)),
})

const personalClaims = ({ name, gender, birthdate, document }: Individual): Claims => ({
  name,
  ...(gender && { gender }),
  ...(birthdate && { birthdate }),
  id_type: document.type,
  ...(document.country && { id_country: document.country }),
  id_number: document.number,
})

/** The name is that of the organisation: being its handler claims no identity (specification, section 3). */
const unitClaims = ({ unit, confirmedAt }: Organisation): Claims => ({
  name: unit.name,
  org_name: unit.name,
  org_id_type: 'uscc',
  org_id_number: unit.code,
  org_confirmed: confirmedAt !== undefined,
})

/** The claims of these scopes, e.g. all that a client's metadata allow. */
export function claimsOfScopes(scopes: string | undefined): Set<string> {
  const words = scopes?.split(' ') ?? []
  return new Set(
    words.flatMap((word): readonly string[] => (isClaimScope(word) ? scopeClaims[word] : [])),
  )
}

const isClaimScope = (word: string): word is Scope & keyof typeof scopeClaims =>
  Object.hasOwn(scopeClaims, word)
