/** `months` on the network under its present holder, the lower end where the operator gives a range. */
export type NumberAge = { readonly months: number } | 'unavailable'

/**
 * What the operator knows of a number. Promises:
 * - resolves always, within the time given by `policy.numberAge.timeout`; an outage, a time-out, an unknown or
 *   unreadable answer is `unavailable`, never an age;
 * - writes the number nowhere.
 */
export interface NumberAges {
  /** `phone` in E.164. */
  ask(phone: string): Promise<NumberAge>
}
