import { type ClaimName, type Scope, scopeClaims } from '../../config/oidc.ts'
import type { Individual } from '../people/account.ts'

/** What is told of a person, scopes aside (specification, section 6); names code point for code point. */
export const claimsOf = (person: Individual): Partial<Record<ClaimName, string | boolean>> => ({
  sub: person.id,
  preferred_username: person.username,
  name: person.name,
  gender: person.gender,
  birthdate: person.birthdate,
  user_type: 'individual',
  phone_number: person.phone,
  // The bank confirmed it as the card's, and it got a code by SMS.
  phone_number_verified: true,
  id_type: person.document.type,
  id_number: person.document.number,
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
