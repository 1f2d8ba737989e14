/** The flow, purpose and phone that a code is valid for. */
export type SmsCodeBinding = {
  /** The opaque id of the flow or sign-in that sent the code. */
  readonly flow: string
  /** e.g. `registration`, `username-recovery`. */
  readonly purpose: string
  /** E.164. */
  readonly phone: string
}

/**
 * `spent`: the fifth wrong code was tried, now or earlier. `expired`: there is no valid code: none was sent, or it was
 * used, voided, or is older than five minutes.
 */
export type SmsCodeVerdict = 'right' | 'wrong' | 'spent' | 'expired'

/**
 * 短信验证码. Promises:
 * - a code is six digits from a cryptographic source, valid for five minutes; after five wrong tries it is void, even
 *   for concurrent requests: the sixth try is never compared;
 * - a new code for the same flow and purpose voids the earlier one, even if the phone differs;
 * - no code is stored in clear.
 */
export interface SmsCodes {
  /** Draws a new code; it is not valid before `store`. */
  draw(): string
  /** Makes a sent code valid for five minutes and voids the earlier one. */
  store(to: SmsCodeBinding, code: string): Promise<void>
  /** Compares the code, and counts a wrong try. A right code stays valid until `use`. */
  check(to: SmsCodeBinding, typed: string): Promise<SmsCodeVerdict>
  /** The end of the validity of the code that was sent, ms since 1970; undefined if there is none. */
  validUntil(to: SmsCodeBinding): Promise<number | undefined>
  /** Uses the code up; true for exactly one caller. */
  use(to: SmsCodeBinding): Promise<boolean>
  /** Counts a try although no code was compared, e.g. because the typed phone is not the registered one. */
  countWrong(to: SmsCodeBinding): Promise<Exclude<SmsCodeVerdict, 'right'>>
}
