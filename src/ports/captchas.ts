/**
 * 验证码. Promises:
 * - an answer is four characters, compared without case, spaces and width; a character that
 *   no answer has counts as the one that it looks like;
 * - a captcha lives five minutes and is used up by the first answer, right or wrong, also when requests race;
 * - the answer is never stored or logged in clear;
 * - picture and sound of one captcha are the same bytes at each call, so that asking often teaches a program nothing.
 */
export interface Captchas {
  /** Returns the new captcha's id, which may stand in a page. */
  issue(): Promise<string>
  /** Whether an answer would still be looked at. */
  isOpen(id: string): Promise<boolean>
  /** PNG bytes; undefined when there is no such captcha (any more). */
  picture(id: string): Promise<Buffer | undefined>
  /** WAV bytes, spoken in the language; undefined when there is no such captcha (any more). */
  sound(id: string, locale: 'zh-CN' | 'en'): Promise<Buffer | undefined>
  /** Uses the captcha up. False also for an id that is unknown, expired or used. */
  answer(id: string, typed: string): Promise<boolean>
}
