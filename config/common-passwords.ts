import { readFileSync } from 'node:fs'

const listed = new URL('./common-passwords.txt', import.meta.url)

/**
 * The 10,000 most common passwords of at least 8 characters, lower case, one a line, the most common first. Where they
 * come from: docs/decisions/0051. Reads the file once: call it where the system is put together.
 */
export function readCommonPasswords(file: string | URL = listed): ReadonlySet<string> {
  return new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))
}
