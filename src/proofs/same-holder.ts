import type { Policy } from '../../config/policy.ts'
import { wholeMonths } from '../people/calendar.ts'
import type { NumberAge, NumberAges } from '../ports/services/number-age.ts'

export type NumberAgePorts = {
  readonly numberAges: NumberAges
  readonly policy: Pick<Policy, 'numberAge'>
}

/**
 * Whether a phone still belongs to whom the bank last knew it: numbers are sold anew after about half a year (facts).
 * To be asked after the right SMS code, so that only the holder of the number learns the answer.
 * `provedAt` is the last bank check with this number; both times in ms since 1970.
 */
export async function hasSameHolder(
  phone: string,
  provedAt: number,
  now: number,
  { numberAges, policy }: NumberAgePorts,
): Promise<boolean> {
  const age = await numberAges.ask(phone)
  return provesSameHolder(age, wholeMonths(provedAt, now), policy.numberAge.trustWithout)
}

/**
 * `since`: whole months since that bank check. A number of so many months is less than one month older: when even that
 * is no more than what passed since, its holder came later. No answer counts for nothing: a young check stands alone.
 */
export const provesSameHolder = (age: NumberAge, since: number, trustWithout: number): boolean =>
  typeof age === 'string' ? since < trustWithout : age.months + 1 > since
