/**
 * `months` on the network under its present holder, the lower end where the operator gives a range. `unknown`: the
 * operator was well, but tells no age of this number (not found, asked too often, from elsewhere).
 */
export type NumberAge = { readonly months: number } | 'unknown' | 'unavailable'

/**
 * What the operator knows of a number. Promises:
 * - resolves always, within the time given by `policy.numberAge.timeout`; an outage, a time-out, a code that is not
 *   documented or an unreadable answer is `unavailable`, never an age;
 * - repeats a request once at most, and only when the first certainly was not carried out;
 * - writes the number nowhere.
 */
export interface NumberAges {
  /** `phone` in E.164. */
  ask(phone: string): Promise<NumberAge>
}
