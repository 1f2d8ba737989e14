import { countryCodes } from '../../config/country-codes.ts'
import { type IdType, idTypes } from '../../config/id-types.ts'
import { type PhoneNumbering, phoneRegions } from '../../config/phone-regions.ts'
import { namePattern } from '../people/fields/name-pattern.ts'
import { objectSchema, textSchema } from './object-schema.ts'
import type { PhoneChangeBodyPorts } from './phone-change-body.ts'

/**
 * The JSON Schema of a request. A body that fits it is never refused for its form. The code accepts more, e.g. spaces in
 * numbers. A schema cannot say which check characters and dates are right: those are checked after the statement.
 */
export const phoneChangeSchema = ({ banks, phoneRegions: regions }: PhoneChangeBodyPorts) =>
  objectSchema({
    holder: { anyOf: Object.keys(idTypes).map((type) => holderSchema(type as IdType)) },
    card: objectSchema({
      bank: textSchema('One of the banks, in Chinese.', { enum: banks.map(({ name }) => name) }),
      account: textSchema(
        '15 to 19 digits, the last one of which is right (ISO/IEC 7812-1, annex B).',
        {
          pattern: '^[0-9]{15,19}$',
          example: '6221281234567890',
        },
      ),
    }),
    newPhone: textSchema('E.164, or the digits alone where they are of the mainland.', {
      anyOf: regions.map((code) => ({ pattern: phonePattern(code, code === regions[0]) })),
      example: '+8613800000000',
    }),
    statement: textSchema(
      [
        'A JWS in compact form (RFC 7515) by a key in the client’s metadata. Its payload: `iss` the client_id, `aud` the issuer,',
        '`jti` used with this Idempotency-Key alone, `iat` at most 120 s old, `pin` true,',
        '`sha256` (hex or base64url) of the canonical JSON (RFC 8785) of this body without `statement`.',
      ].join(' '),
      { maxLength: 8192, pattern: jwsPattern },
    ),
  })

/** The holder with a document of one type. */
function holderSchema(type: IdType) {
  const country = textSchema(
    type === 'passport' ? 'ISO 3166-1 alpha-3: who issued it.' : 'Ignored for this document.',
    { enum: [...countryCodes.keys()] },
  )
  return objectSchema(
    {
      name: textSchema('As the card has it.', {
        minLength: 1,
        maxLength: 64,
        pattern: namePattern,
        example: '林小满',
      }),
      idType: textSchema('By its claim value, or in Chinese.', { enum: [type, idTypes[type]] }),
      idCountry: country,
      idNumber: textSchema('As the document has it.', { pattern: idNumberPatterns[type] }),
    },
    type === 'passport' ? [] : ['idCountry'],
  )
}

/** JWS Compact Serialization (RFC 7515, 7.1). */
const jwsPattern = '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$'

/** Birth date, sequence and check character of a number by GB 11643. */
const birthAndCheck =
  '(?:1[89]|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]'

/** Without shorthands like `\d`, which match the digits of all scripts in some languages. */
const idNumberPatterns: Readonly<Record<IdType, string>> = {
  resident_id: `^[1-7][0-9]{5}${birthAndCheck}$`,
  hmt_residence_permit: `^8[123]0000${birthAndCheck}$`,
  foreigner_residence_id: `^(?:[A-Z]{3}[0-9]{12}|9[0-9]{5}${birthAndCheck})$`,
  hk_macau_permit: '^[HM][0-9]{8}(?:[0-9]{2})?$',
  taiwan_permit: '^(?:[0-9]{8}|[0-9]{10}(?:\\([A-Z]\\)|[A-Z])?)$',
  passport: '^(?=[A-Z]*[0-9])[A-Z0-9]{5,17}$',
}

/** A mobile number of a region, with its code; `isFirst`: or without. */
function phonePattern(code: keyof typeof phoneRegions, isFirst: boolean): string {
  const { mobile, machine }: PhoneNumbering = phoneRegions[code]
  const number = plain(mobile).replace(/^\^/, '')
  const prefix = isFirst ? `(?:\\${code})?` : `\\${code}`
  return `^${prefix}${machine ? `(?!${plain(machine).replace(/^\^/, '')})` : ''}${number}`
}

const plain = ({ source }: RegExp) => source.replaceAll('\\d', '[0-9]')
