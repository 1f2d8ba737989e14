import { field } from './field.ts'
import type { IdReading } from './id-number.ts'
import { compact } from './typed-text.ts'

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const weights = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const length = 18

/** 统一社会信用代码 (GB 32100-2015): 18 digits and letters without I, O, S, V, Z; folded to upper case without spaces. */
export const organisationCode = field('uscc.missing', (typed, reject) => {
  const code = compact(typed).toUpperCase()
  const reading = readOrganisationCode(code)
  return 'refused' in reading ? reject(reading.refused, reading.params) : code
})

/** Checks the characters and the length of a folded code. */
export function readOrganisationCode(code: string): IdReading {
  if (/[^0-9A-HJ-NPQRTUWXY]/.test(code)) return { refused: 'uscc.characters' }
  if (code.length < length) return { refused: 'uscc.short', params: { length } }
  return code.length > length ? { refused: 'uscc.long', params: { length } } : {}
}

/**
 * Compares the check character. Codes with a wrong one were issued (facts.md): they get a warning only (`uscc.check`).
 */
export function usccFinding(code: string): 'ok' | 'check_failed' {
  const sum = weights.reduce(
    (all, weight, at) => all + weight * alphabet.indexOf(code[at] ?? ''),
    0,
  )
  return alphabet[(31 - (sum % 31)) % 31] === code[17] ? 'ok' : 'check_failed'
}
