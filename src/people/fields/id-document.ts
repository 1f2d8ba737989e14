import * as z from 'zod'
import { type IdType, idTypes } from '../../../config/id-types.ts'
import { type CountryCode, isCountry } from '../countries.ts'
import { choice, crossFieldRule, field } from './field.ts'
import type { Gender } from './id-number.ts'
import { foldIdNumber, readIdNumber } from './id-number.ts'

/** 证件: its type and its number, in upper case without spaces. */
export type IdDocument = {
  readonly type: IdType
  readonly number: string
  /** Which state or region issued a 护照; absent in accounts from before it was asked for (decision 0210). */
  readonly country?: CountryCode
}

/** 单位证件: the 统一社会信用代码. */
export type UnitDocument = { readonly type: 'uscc'; readonly number: string }

/** 签发国家或地区; `countryRule` says where it is needed. Elsewhere it is ignored. */
export const countryField = z.string({ error: 'idCountry.missing' }).optional()

/** 证件类型, 签发国家或地区 and 证件号, to be spread into a form; `documentRules` say whether they fit each other. */
export const documentFields = {
  idType: choice(Object.keys(idTypes) as IdType[], 'idType.missing'),
  idCountry: countryField,
  idNumber: field('idNumber.missing', foldIdNumber),
}

type CountryForm = { idCountry?: string | undefined }
type DocumentForm = CountryForm & { idType: IdType; idNumber: string }

export const gender = choice(['male', 'female'] as const satisfies Gender[], 'gender.missing')

/** Rejects a 护照 without its 签发国家或地区, beside that field. For `.check(…)`. */
export const countryRule = crossFieldRule<CountryForm & { idType: string }>(
  ['idType', 'idCountry'],
  ({ idType, idCountry }, reject) => {
    if (idType === 'passport' && !isCountry(idCountry)) reject('idCountry', 'idCountry.missing')
  },
)

/** Rejects a missing 签发国家或地区 if the registered document has none, so that the form asks for it. */
export const lackingCountryRule = (registered: IdDocument) =>
  crossFieldRule<CountryForm>(['idCountry'], ({ idCountry }, reject) => {
    if (lacksCountry(registered) && !isCountry(idCountry)) reject('idCountry', 'idCountry.missing')
  })

/**
 * Rejects a missing country and a number that does not fit its type, beside the field. For `.check(…)`; `today` is an
 * ISO date.
 */
export const documentRules = (today: string) =>
  [
    countryRule,
    crossFieldRule<DocumentForm>(['idType', 'idNumber'], ({ idType, idNumber }, reject) => {
      const reading = readIdNumber(idType, idNumber, today)
      if ('refused' in reading) reject('idNumber', reading.refused, reading.params)
    }),
  ] as const

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

/** The sex and birth date that the number contains. `today` is an ISO date. */
export function bearerInNumber(
  { type, number }: IdDocument,
  today: string,
): { readonly gender?: Gender; readonly birthdate?: string } {
  const reading = readIdNumber(type, number, today)
  return 'refused' in reading ? {} : reading
}

export const documentOf = ({ idType, idCountry, idNumber }: DocumentForm): IdDocument => ({
  type: idType,
  number: idNumber,
  ...(idType === 'passport' && isCountry(idCountry) && { country: idCountry }),
})

/**
 * The key under which a person is unique: the type, the issuing country of a passport, and the part of the number that
 * stays when the card is renewed (H or M and 8 digits; an old Taiwan permit without the letter in brackets). A passport
 * of an account from before the country was asked for has none in its key (decision 0210).
 */
export function documentKey(document: IdDocument | UnitDocument): string {
  const country = 'country' in document ? `${document.country}:` : ''
  const { type, number } = document
  if (type === 'hk_macau_permit') return `${type}:${number.slice(0, 9)}`
  return `${type}:${country}${type === 'taiwan_permit' ? number.replace(/\D/g, '') : number}`
}

/** The same without the country. Limits count by it, so that nobody gets a new allowance by naming another country. */
export const documentCounterKey = ({ type, number }: IdDocument | UnitDocument): string =>
  documentKey({ type, number } as IdDocument | UnitDocument)

export const lacksCountry = ({ type, country }: IdDocument): boolean =>
  type === 'passport' && country === undefined

/** Whether two documents are one person's. A passport whose country is unknown equals that of any country. */
export function sameDocument(
  one: IdDocument | UnitDocument,
  other: IdDocument | UnitDocument,
): boolean {
  const isUnknown = [one, other].some((each) => each.type !== 'uscc' && lacksCountry(each))
  const key = isUnknown ? documentCounterKey : documentKey
  return key(one) === key(other)
}

/** The document as a bank is asked about it. */
export const documentAtBank = ({ type, number, country }: IdDocument) => ({
  idType: idTypes[type],
  idNumber: number,
  ...(country && { idCountry: country }),
})

/** The document that a bank was asked about. */
export const documentOfClaim = ({
  idType,
  idNumber,
  idCountry,
}: ReturnType<typeof documentAtBank>): IdDocument => {
  const type = (Object.keys(idTypes) as IdType[]).find((each) => idTypes[each] === idType)
  if (!type) throw new Error('a claim with an unknown type of document')
  return { type, number: idNumber, ...(idCountry && { country: idCountry }) }
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
