/**
 * 验证码. Promises:
 * - an answer is four characters, compared without case, spaces and width; a character outside the alphabet of answers
 *   counts as the one that it looks like;
 * - a captcha lives five minutes and is used up by the first answer, right or wrong, even for concurrent requests;
 * - the answer is never stored or logged in clear;
 * - picture and sound of one captcha are the same bytes at each call: a solver cannot average several renderings.
 */
export interface Captchas {
  /** Returns the new captcha's id, which may stand in a page. */
  issue(): Promise<string>
  /** Whether the captcha can still be answered. */
  isOpen(id: string): Promise<boolean>
  /** PNG bytes; undefined if the captcha is unknown or expired. */
  picture(id: string): Promise<Buffer | undefined>
  /** WAV bytes, spoken in the language; undefined if the captcha is unknown or expired. */
  sound(id: string, locale: 'zh-CN' | 'en'): Promise<Buffer | undefined>
  /** Uses the captcha up. An unknown, expired or used captcha is a wrong answer. */
  answer(id: string, typed: string): Promise<boolean>
}
