import type { Captchas } from '../../ports/captchas.ts'

/**
 * The captcha of a page outside a flow: the one that stands there already (`id`) as long as it is open, otherwise a
 * new one; read aloud when that was asked for.
 */
export async function captchaOnPage(
  typed: Readonly<Record<string, string | undefined>>,
  id: string | undefined,
  captchas: Captchas,
) {
  const open = id !== undefined && (await captchas.isOpen(id))
  return { id: open ? id : await captchas.issue(), listening: typed['action'] === 'listen' }
}
