import { type IdType, idTypes } from '../../../config/id-types.ts'
import { choice, crossFieldRule, field } from './field.ts'
import type { Gender } from './id-number.ts'
import { foldIdNumber, readIdNumber } from './id-number.ts'

/** 证件: its type and its number, in upper case without spaces. */
export type IdDocument = { readonly type: IdType; readonly number: string }

/** 单位证件: the 统一社会信用代码. */
export type UnitDocument = { readonly type: 'uscc'; readonly number: string }

/** 证件类型 and 证件号, to be spread into a form; `documentRule` says whether they fit each other. */
export const documentFields = {
  idType: choice(Object.keys(idTypes) as IdType[], 'idType.missing'),
  idNumber: field('idNumber.missing', foldIdNumber),
}

type DocumentForm = { idType: IdType; idNumber: string }

export const gender = choice(['male', 'female'] as const satisfies Gender[], 'gender.missing')

/** Rejects a number that does not fit its type, beside 证件号. For `.check(…)`; `today` is an ISO date. */
export const documentRule = (today: string) =>
  crossFieldRule<DocumentForm>(['idType', 'idNumber'], ({ idType, idNumber }, reject) => {
    const reading = readIdNumber(idType, idNumber, today)
    if ('refused' in reading) reject('idNumber', reading.refused, reading.params)
  })

/** Reject a birth date or gender that differs from the one in the number, beside that field. */
export const bearerRules = (today: string) =>
  [
    crossFieldRule<DocumentForm & { birthdate: string }>(
      ['idType', 'idNumber', 'birthdate'],
      ({ idType, idNumber, birthdate }, reject) => {
        const reading = readIdNumber(idType, idNumber, today)
        if ('birthdate' in reading && reading.birthdate !== birthdate)
          reject('birthdate', 'birthdate.differs')
      },
    ),
    crossFieldRule<DocumentForm & { gender: Gender }>(
      ['idType', 'idNumber', 'gender'],
      ({ idType, idNumber, gender: typed }, reject) => {
        const reading = readIdNumber(idType, idNumber, today)
        if ('gender' in reading && reading.gender !== typed) reject('gender', 'gender.differs')
      },
    ),
  ] as const

export const documentOf = ({ idType, idNumber }: DocumentForm): IdDocument => ({
  type: idType,
  number: idNumber,
})

/**
 * The key by which a person is unique: the type, and the part of the number that stays the same when the card is
 * renewed (facts: H or M and 8 digits; of an old Taiwan permit the number without the letter in brackets).
 */
export function documentKey({ type, number }: IdDocument | UnitDocument): string {
  if (type === 'hk_macau_permit') return `${type}:${number.slice(0, 9)}`
  return `${type}:${type === 'taiwan_permit' ? number.replace(/\D/g, '') : number}`
}

/**
 * Whether the number alone identifies one person nation-wide, so that a bank check may change the name (decision 0211).
 * Two states may issue the same passport number; the numbers of a Taiwan permit and of the foreigners' card from before
 * 2023-12 are not known to be unique either.
 */
export function isNationWide({ type, number }: IdDocument): boolean {
  if (type === 'foreigner_residence_id') return number.length === 18
  return ['resident_id', 'hmt_residence_permit', 'hk_macau_permit'].includes(type)
}

/** Masks a number like `440***********0014`; a short number keeps one character at its beginning and two at its end. */
export function maskedIdNumber(number: string): string {
  const [first, last] = number.length >= 15 ? [3, 4] : [1, 2]
  const hidden = Math.max(0, number.length - first - last)
  return number.slice(0, first) + '*'.repeat(hidden) + number.slice(first + hidden)
}
