import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { wholeMonths } from '../people/calendar.ts'
import type { NumberAge, NumberAges } from '../ports/services/number-age.ts'

export type NumberAgePorts = {
  readonly numberAges: NumberAges
  readonly policy: Pick<Policy, 'numberAge'>
}

/**
 * Whether a phone still belongs to the person that the bank check confirmed: operators reassign numbers after about
 * half a year (facts). Call it after a right SMS code, so that only the holder of the number learns the answer.
 * `provedAt` is the time of the last bank check with this number; both times are in ms since 1970.
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
 * `since` are the whole months since the bank check. A number of `months` whole months is less than one month older. If
 * even that is not longer ago than the check, its holder may have changed since. Without an age, the check is trusted
 * for fewer than `trustWithout` months.
 */
export const provesSameHolder = (age: NumberAge, since: number, trustWithout: number): boolean =>
  typeof age === 'string' ? since < trustWithout : age.months + 1 > since
