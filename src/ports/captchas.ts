/** From a picture that a person of 70 reads at first sight to striped pictures with a second check. */
export const captchaLevels = ['gentle', 'middle', 'hard', 'hardest'] as const
export type CaptchaLevel = (typeof captchaLevels)[number]

/**
 * A puzzle for the page's script: find the number below `most` for which the SHA-256 of `ID.NUMBER` is `target` (hex).
 */
export type CaptchaWork = { readonly target: string; readonly most: number }

/** The parts of a captcha that a page shows. */
export type ShownCaptcha = {
  readonly id: string
  readonly level: CaptchaLevel
  /** At the hardest level only: the script does this work, or the person answers a second picture. */
  readonly work?: CaptchaWork
}

/** The second picture and sound exist at the hardest level only. */
export type CaptchaPart = 'first' | 'second'

export type CaptchaAnswer = {
  readonly typed: string
  /** The answer to the second picture. */
  readonly second?: string | undefined
  /** The number that the script has found. */
  readonly work?: string | undefined
}

/**
 * 验证码. Promises:
 * - an answer is six digits, compared without spaces and width; a character that no answer has counts as the digit that
 *   it looks like;
 * - a captcha lives five minutes and is used up by the first answer, right or wrong, even for concurrent requests;
 * - only the purpose that it was issued for accepts its answer;
 * - the answer is never stored or logged in clear;
 * - picture and sound of one captcha are the same bytes at each call: a solver cannot average several renderings.
 */
export interface Captchas {
  issue(purpose: string, level: CaptchaLevel): Promise<ShownCaptcha>
  /** The captcha if it can still be answered for this purpose. */
  find(id: string, purpose: string): Promise<ShownCaptcha | undefined>
  /** PNG bytes; undefined if the captcha is unknown or expired. */
  picture(id: string, part: CaptchaPart): Promise<Buffer | undefined>
  /** WAV bytes, spoken in the language; undefined if the captcha is unknown or expired. */
  sound(id: string, part: CaptchaPart, locale: 'zh-CN' | 'en'): Promise<Buffer | undefined>
  /**
   * Uses the captcha up and returns its level if the answer is right. An unknown, expired or used captcha is a wrong
   * answer. `incomplete`: the first answer is right, but the hardest level needs the work or the second answer too; the
   * captcha can be answered again.
   */
  answer(
    id: string,
    purpose: string,
    answer: CaptchaAnswer,
  ): Promise<CaptchaLevel | 'wrong' | 'incomplete'>
}
