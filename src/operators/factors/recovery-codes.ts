import { randomInt } from 'node:crypto'
import { compact } from '../../people/fields/typed-text.ts'

/** Without 0 O 1 I L U V, which are mistaken for one another on paper. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTWXYZ'
const length = 10
const number = 10

/** Ten codes with 48 bits each, e.g. `7K3M9-QXP4A`. */
export const newRecoveryCodes = (): readonly string[] => Array.from({ length: number }, newCode)

function newCode(): string {
  const code = Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  return `${code.slice(0, length / 2)}-${code.slice(length / 2)}`
}

/** A typed code as it was shown, whatever the case, spaces and hyphens. */
export function foldRecoveryCode(typed: string): string {
  const code = compact(typed).toUpperCase().replaceAll('-', '')
  return `${code.slice(0, length / 2)}-${code.slice(length / 2)}`
}
