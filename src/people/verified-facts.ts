import type { VerifiedClaimName } from '../../config/claims/verified-claims.ts'
import type { Individual } from './account.ts'
import { readIdNumber } from './fields/id-number.ts'
import { maskedName } from './fields/person-name.ts'

export type VerifiedFacts = Partial<Record<VerifiedClaimName, string | boolean>>

/**
 * The facts that a bank check verifies. A bank does not confirm gender and birth date; they are verified only if the
 * confirmed document number contains them, and absent otherwise, whatever the person typed. `today` is an ISO date.
 */
export function verifiedFacts(
  { name, document, phone }: Pick<Individual, 'name' | 'document' | 'phone'>,
  today: string,
): VerifiedFacts {
  const reading = readIdNumber(document.type, document.number, today)
  const { birthdate, gender } = 'refused' in reading ? {} : reading
  return {
    name,
    name_masked: maskedName(name),
    id_type: document.type,
    ...(document.country && { id_country: document.country }),
    id_number: document.number,
    id_number_last4: document.number.slice(-4),
    phone_number: phone,
    ...(gender && { gender }),
    ...(birthdate && { birthdate, over_18: isOver(18, birthdate, today) }),
  }
}

/** Compares ISO dates. A person who was born on 29 February is a year older on 1 March of a common year. */
const isOver = (years: number, birthdate: string, today: string): boolean =>
  today >= `${Number(birthdate.slice(0, 4)) + years}${birthdate.slice(4)}`
