import type { Captchas } from '../../ports/captchas.ts'

/**
 * The captcha of a page outside a flow: the present one (`id`) if it can still be answered, otherwise a new one.
 * `listening`: the person asked for its sound.
 */
export async function captchaOnPage(
  typed: Readonly<Record<string, string | undefined>>,
  id: string | undefined,
  captchas: Captchas,
) {
  const open = id !== undefined && (await captchas.isOpen(id))
  return { id: open ? id : await captchas.issue(), listening: typed['action'] === 'listen' }
}
