import type { CaptchaPage } from '../../proofs/captcha-risk.ts'
import { type CaptchaPorts, issueCaptcha } from '../../proofs/check-captcha.ts'

/**
 * The captcha of a page outside a flow: the present one (`id`) if it can still be answered, otherwise a new one.
 * `listening`: the person asked for its sound.
 */
export async function captchaOnPage(
  typed: Readonly<Record<string, string | undefined>>,
  id: string | undefined,
  page: CaptchaPage,
  ports: CaptchaPorts,
) {
  const present = id === undefined ? undefined : await ports.captchas.find(id, page.purpose)
  const captcha = present ?? (await issueCaptcha(page, ports))
  return { ...captcha, listening: typed['action'] === 'listen' }
}
