import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * The hidden field that only a page of ours can hold: derived from a secret that the browser sends as a cookie, so
 * that another site can't post a form in a person's name.
 */
export const forgeryToken = (secret: string): string =>
  createHmac('sha256', secret).update('form').digest('base64url')

export function isForged(secret: string, token: string | undefined): boolean {
  const expected = Buffer.from(forgeryToken(secret))
  const given = Buffer.from(token ?? '')
  return given.length !== expected.length || !timingSafeEqual(given, expected)
}
