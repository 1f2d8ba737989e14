import { compact } from '../people/fields/typed-text.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Captchas } from '../ports/captchas.ts'

export const captchaRequired: Refusal = refuse('captcha', 'captcha.required')

/** Checks a typed captcha and uses it up, unless the field is empty. Returns undefined if it is right. */
export async function checkCaptcha(
  id: string | undefined,
  typed: string | undefined,
  captchas: Captchas,
): Promise<Refusal | undefined> {
  if (!typed || compact(typed) === '') return captchaRequired
  const right = id !== undefined && (await captchas.answer(id, typed))
  return right ? undefined : refuse('captcha', 'captcha.wrong')
}
