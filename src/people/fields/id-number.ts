import type { IdType } from '../../../config/id-types.ts'
import type { MessageCode } from '../../../config/messages.ts'
import type { MessageParams } from '../refusal.ts'
import { isBirthdate, realDate } from './birthdate.ts'
import { compact } from './typed-text.ts'

export type Gender = 'male' | 'female'

/** The facts that a number contains about its holder, or the reason why it is rejected. */
export type IdReading =
  | { readonly birthdate?: string; readonly gender?: Gender }
  | { readonly refused: MessageCode; readonly params?: MessageParams }

/** Folds a number to upper case and half width, without spaces; a sign that looks like the final X becomes an X. */
export const foldIdNumber = (typed: string): string =>
  compact(typed)
    .toUpperCase()
    .replace(/^(\d{17})[×ΧХⅩ✕✖]$/u, '$1X')

/** Reads a folded number by its type; `today` is an ISO date. */
export const readIdNumber = (type: IdType, number: string, today: string): IdReading =>
  readers[type](number, today)

const readers: Readonly<Record<IdType, (number: string, today: string) => IdReading>> = {
  resident_id(number, today) {
    if (/^\d{15}$/.test(number)) return refused('idNumber.fifteen')
    const reading = readEighteen(number, today)
    if ('refused' in reading || /^[1-7]/.test(number)) return reading
    if (/^8[123]/.test(number)) return refused('idNumber.isResidencePermit')
    return refused(number.startsWith('9') ? 'idNumber.isForeigner' : 'idNumber.checksum')
  },
  // 810000 is Hong Kong, 820000 Macau, 830000 Taiwan.
  hmt_residence_permit(number, today) {
    const reading = readEighteen(number, today)
    if ('refused' in reading || /^8[123]0000/.test(number)) return reading
    return refused('idNumber.notResidencePermit')
  },
  // Cards from before 2023-12-01 have three letters and twelve digits, and are valid until they expire.
  foreigner_residence_id(number, today) {
    if (/^[A-Z]{3}\d{12}$/.test(number)) return {}
    if (!/^9\d{16}[\dX]$/.test(number)) return refused('idNumber.foreigner')
    return readEighteen(number, today)
  },
  hk_macau_permit: (number) =>
    /^[HM]\d{8}(\d{2})?$/.test(number) ? {} : refused('idNumber.hkMacau'),
  taiwan_permit: (number) =>
    /^(\d{8}|\d{10}(\([A-Z]\)|[A-Z])?)$/.test(number) ? {} : refused('idNumber.taiwan'),
  passport: (number) =>
    /^(?=.*\d)[A-Z\d]{5,17}$/.test(number) ? {} : refused('idNumber.passport'),
}

/** GB 11643-1999: six digits of region, eight of birth date, three of sequence (odd for men), and a check character. */
function readEighteen(number: string, today: string): IdReading {
  const length = 18
  if (!/^[\dA-Z]*$/.test(number)) return refused('idNumber.eighteen')
  if (number.length < length) return refused('idNumber.short', { length })
  if (number.length > length) return refused('idNumber.long', { length })
  if (!/^\d{17}[\dX]$/.test(number)) return refused('idNumber.eighteen')
  if (checkCharacter(number) !== number[17]) return refused('idNumber.checksum')
  const date = realDate(number.slice(6, 10), number.slice(10, 12), number.slice(12, 14))
  if (!isBirthdate(date, today)) return refused('idNumber.date')
  return { birthdate: date, gender: Number(number[16]) % 2 ? 'male' : 'female' }
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The check character of GB 11643 (ISO 7064 MOD 11-2). */
const checkCharacter = (number: string): string | undefined =>
  '10X98765432'[weights.reduce((sum, weight, at) => sum + weight * Number(number[at]), 0) % 11]

const refused = (code: MessageCode, params?: MessageParams): IdReading => ({
  refused: code,
  ...(params && { params }),
})
