import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares in constant time: the duration discloses neither an equal prefix nor the length of the expected secret. */
export function isSameSecret(expected: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(expected), digest(given))
}
