import { readFileSync } from 'node:fs'

const listed = new URL('./common-passwords.txt', import.meta.url)

/**
 * Reads the 10,000 most common passwords of at least 8 characters, in lower case, one per line, the most common first.
 * Decision 0051 describes their source.
 */
export function readCommonPasswords(file: string | URL = listed): ReadonlySet<string> {
  return new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))
}
