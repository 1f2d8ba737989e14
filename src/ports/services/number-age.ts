/**
 * `months` for which the present holder has had the number; of a range that the operator reports, the lower end.
 * `unknown`: the operator reports no age for this number (not found, queried too often, another operator's).
 */
export type NumberAge = { readonly months: number } | 'unknown' | 'unavailable'

/**
 * The operators' service that reports how long a number has had its holder (手机号在网时长). Promises:
 * - `ask` never rejects, and resolves within `policy.numberAge.timeout`; an outage, a time-out, an undocumented code or
 *   an unreadable answer is `unavailable`, never an age;
 * - a request is repeated at most once, and only if the first one was certainly not processed;
 * - the number is neither logged nor stored.
 */
export interface NumberAges {
  /** `phone` is in E.164. */
  ask(phone: string): Promise<NumberAge>
}
