import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in a time that tells neither how much of them is equal nor the length of the expected one. */
export function isSameSecret(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(expected), digest(given))
}
