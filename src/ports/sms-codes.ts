/** What one code is bound to: it is worth nothing elsewhere. */
export type SmsCodeBinding = {
  /** The flow or sign-in that asked, an opaque id. */
  readonly flow: string
  /** e.g. `registration`, `username-recovery`. */
  readonly purpose: string
  /** E.164. */
  readonly phone: string
}

/** `spent`: five wrong ones were tried, the last of them perhaps now. `expired`: none was sent, or it was used, voided or is older than five minutes. */
export type SmsCodeVerdict = 'right' | 'wrong' | 'spent' | 'expired'

/**
 * 短信验证码. Promises:
 * - six digits from a cryptographic source, five minutes, five tries of which only wrong ones count, also when
 *   requests race: the sixth try is never looked at;
 * - a new code for the same flow and purpose voids the old one, whatever its phone was;
 * - no code is stored in clear.
 */
export interface SmsCodes {
  /** A new code, to be sent; it is good for nothing before `keep`. */
  draw(): string
  /** It was sent: the five minutes begin, and the old one is void. */
  store(to: SmsCodeBinding, code: string): Promise<void>
  /** Looks, and counts a wrong try. A right code stays good until `use`. */
  check(to: SmsCodeBinding, typed: string): Promise<SmsCodeVerdict>
  /** Until when a code that was sent can still be typed, ms since 1970; `undefined` where there is none. */
  validUntil(to: SmsCodeBinding): Promise<number | undefined>
  /** Ends the code; true for exactly one caller, whose step passes by it. */
  use(to: SmsCodeBinding): Promise<boolean>
  /** A wrong answer of another kind that costs a try (a phone that is not the registered one). */
  countWrong(to: SmsCodeBinding): Promise<Exclude<SmsCodeVerdict, 'right'>>
}
