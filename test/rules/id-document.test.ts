import fc from 'fast-check'
import * as z from 'zod'
import { type IdType, idTypes } from '../../config/id-types.ts'
import type { MessageCode } from '../../config/messages.ts'
import { birthdate } from '../../src/people/fields/birthdate.ts'
import {
  bearerRules,
  documentFields,
  documentKey,
  documentOf,
  documentRules,
  gender,
  isNationWide,
  maskedIdNumber,
  sameDocument,
} from '../../src/people/fields/id-document.ts'
import { foldIdNumber, readIdNumber } from '../../src/people/fields/id-number.ts'
import { foreigners, permitHolders, residents, withCheck } from '../support/id-numbers.ts'
import { schemaResult } from '../support/schema-result.ts'

const today = '2026-11-24'
const document = z.object(documentFields).check(...documentRules(today))
const person = z
  .object({ ...documentFields, gender, birthdate: birthdate(today) })
  .check(...documentRules(today), ...bearerRules(today))

const holders = fc.oneof(
  residents.map((bearer) => ({ idType: 'resident_id' as const, ...bearer })),
  permitHolders.map((bearer) => ({ idType: 'hmt_residence_permit' as const, ...bearer })),
  foreigners.map((bearer) => ({ idType: 'foreigner_residence_id' as const, ...bearer })),
)

test('numbers of 18 characters are accepted with the birth date and sex that they contain', () => {
  fc.assert(
    fc.property(holders, ({ idType, number, birthdate, gender }) => {
      const form = { idType, idNumber: number, birthdate, gender }
      expect(schemaResult(person, form)).toEqual(form)
    }),
  )
})

test('a single wrong digit is always detected', () => {
  fc.assert(
    fc.property(
      holders,
      fc.integer({ min: 0, max: 16 }),
      fc.integer({ min: 1, max: 9 }),
      ({ idType, number }, at, by) => {
        const digit = (Number(number[at]) + by) % 10
        const idNumber = number.slice(0, at) + digit + number.slice(at + 1)
        expect(schemaResult(document, { idType, idNumber })).toEqual({
          refused: { idNumber: expect.any(String) },
        })
      },
    ),
  )
})

test('two transposed neighbouring characters are always detected', () => {
  fc.assert(
    fc.property(holders, fc.integer({ min: 0, max: 15 }), ({ idType, number }, at) => {
      fc.pre(number[at] !== number[at + 1])
      const swapped = `${number.slice(0, at)}${number[at + 1]}${number[at]}${number.slice(at + 2)}`
      expect(readIdNumber(idType, swapped, today)).toHaveProperty('refused')
    }),
  )
})

test.each<[IdType, string]>([
  ['resident_id', '11010519491231002X'],
  ['resident_id', '440524188001010014'],
  ['foreigner_residence_id', '932682198501010017'],
  ['foreigner_residence_id', '911124198108030024'],
])('%s %s has a valid check digit and is accepted', (idType, idNumber) => {
  expect(schemaResult(document, { idType, idNumber })).toEqual({ idType, idNumber })
})

test.each<[IdType, string]>([
  ['hk_macau_permit', 'H12345678'],
  ['hk_macau_permit', 'M1234567801'],
  ['taiwan_permit', '12345678'],
  ['taiwan_permit', '1234567801(A)'],
  ['taiwan_permit', '1234567801A'],
  ['taiwan_permit', '1234567801'],
  ['passport', 'G12345678'],
  ['passport', 'E12345678'],
  ['passport', 'EA1234567'],
  ['passport', 'C01X00T47'],
  ['passport', '12345'],
  ['foreigner_residence_id', 'USA110100010101'],
])('%s %s has an accepted format', (idType, idNumber) => {
  const form = { idType, ...(idType === 'passport' && { idCountry: 'BRA' }), idNumber }
  expect(schemaResult(document, form)).toEqual(form)
})

test.each<[IdType, string, MessageCode]>([
  ['resident_id', '', 'idNumber.missing'],
  ['resident_id', '11010519491231002', 'idNumber.short'],
  ['resident_id', '11010519491231002XX', 'idNumber.long'],
  ['resident_id', '1101051949123100X2', 'idNumber.eighteen'],
  ['resident_id', '11010519491231-02X', 'idNumber.eighteen'],
  ['resident_id', '110105491231002', 'idNumber.fifteen'],
  ['resident_id', '110105194912310021', 'idNumber.checksum'],
  ['resident_id', withCheck('01010519491231002'), 'idNumber.checksum'],
  ['resident_id', withCheck('11010519490231002'), 'idNumber.date'],
  ['resident_id', withCheck('11010520261125002'), 'idNumber.date'],
  ['resident_id', withCheck('11010518491231002'), 'idNumber.date'],
  ['resident_id', withCheck('81000019901231002'), 'idNumber.isResidencePermit'],
  ['resident_id', '932682198501010017', 'idNumber.isForeigner'],
  ['hmt_residence_permit', '11010519491231002X', 'idNumber.notResidencePermit'],
  ['hmt_residence_permit', withCheck('81010019901231002'), 'idNumber.notResidencePermit'],
  ['foreigner_residence_id', '11010519491231002X', 'idNumber.foreigner'],
  ['foreigner_residence_id', 'US1101000101011', 'idNumber.foreigner'],
  ['foreigner_residence_id', '932682198501010018', 'idNumber.checksum'],
  ['hk_macau_permit', 'C12345678', 'idNumber.hkMacau'],
  ['hk_macau_permit', 'H123456789', 'idNumber.hkMacau'],
  ['taiwan_permit', '123456789', 'idNumber.taiwan'],
  ['taiwan_permit', '1234567801(AB)', 'idNumber.taiwan'],
  ['passport', 'G123', 'idNumber.passport'],
  ['passport', 'ABCDEF', 'idNumber.passport'],
  ['passport', 'G12345678-1', 'idNumber.passport'],
  ['passport', '1'.repeat(18), 'idNumber.passport'],
  ['passport', 'G1234\ufffd678', 'text.unreadable'],
])('%s %j is refused with %s', (idType, idNumber, code) => {
  const idCountry = 'BRA'
  expect(schemaResult(document, { idType, idCountry, idNumber })).toEqual({
    refused: { idNumber: code },
  })
})

test.each(['', 'identity_card', 'toString', '__proto__', '居民身份证'])(
  'the unknown type %j is refused as missing',
  (idType) => {
    expect(schemaResult(document, { idType, idNumber: 'G12345678' })).toEqual({
      refused: { idType: 'idType.missing' },
    })
  },
)

test.each([
  ['11010519491231002x', '11010519491231002X'],
  [' 110105 19491231 002X ', '11010519491231002X'],
  ['１１０１０５１９４９１２３１００２Ｘ', '11010519491231002X'],
  ['11010519491231002×', '11010519491231002X'],
  ['11010519491231002х', '11010519491231002X'], // Cyrillic
  ['\u202d11010519491231002X\u202c', '11010519491231002X'], // pasted from a contact
  ['ｈ１２３４５６７８', 'H12345678'],
  ['1234567801（a）', '1234567801(A)'],
])('%j is folded to %s', (typed, folded) => {
  expect(foldIdNumber(typed)).toBe(folded)
})

test('folding is idempotent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (typed) =>
      expect(foldIdNumber(foldIdNumber(typed))).toBe(foldIdNumber(typed)),
    ),
  )
})

describe('a form whose fields contradict the number', () => {
  const form = {
    idType: 'resident_id',
    idNumber: '11010519491231002X',
    gender: 'female',
    birthdate: '1949-12-31',
  }
  test.each([
    ['the birth date', { birthdate: '1949-12-30' }, { birthdate: 'birthdate.differs' }],
    ['the sex', { gender: 'male' }, { gender: 'gender.differs' }],
    [
      'the sex, and asks for a missing date',
      { gender: 'male', birthdate: '' },
      { gender: 'gender.differs', birthdate: 'birthdate.missing' },
    ],
    [
      'the date, and asks for a missing sex',
      { gender: undefined, birthdate: '1949-12-30' },
      { gender: 'gender.missing', birthdate: 'birthdate.differs' },
    ],
    [
      'only the number where the number itself is wrong',
      { idNumber: '110105194912310021', gender: 'male', birthdate: '1949-12-30' },
      { idNumber: 'idNumber.checksum' },
    ],
  ])('is refused for %s', (_, change, refused) => {
    expect(schemaResult(person, { ...form, ...change })).toEqual({ refused })
  })

  test('is accepted for a passport, whose number contains neither', () => {
    const passport = { ...form, idType: 'passport', idCountry: 'BRA', idNumber: 'G12345678' }
    expect(schemaResult(person, passport)).toEqual(passport)
  })
})

test.each([undefined, '', 'XYZ', 'br', 'BR', 'toString'])(
  'a passport with the issuing country %j is refused beside that field',
  (idCountry) => {
    const form = { idType: 'passport', idCountry, idNumber: 'G12345678' }
    expect(schemaResult(document, form)).toEqual({ refused: { idCountry: 'idCountry.missing' } })
  },
)

test.each(Object.keys(idTypes) as IdType[])('a country is kept for a passport only: %s', (type) => {
  const read = documentOf({ idType: type, idCountry: 'BRA', idNumber: 'X' })
  expect(read.country).toBe(type === 'passport' ? 'BRA' : undefined)
})

describe('sameDocument', () => {
  const passport = (country?: string) =>
    ({ type: 'passport', number: 'FB123456', ...(country && { country }) }) as const
  test.each([
    ['BRA', 'BRA', true],
    ['BRA', 'DEU', false],
    ['BRA', undefined, true],
    [undefined, undefined, true],
  ])('compares passports of one number from %s and %s: %s', (one, other, same) => {
    expect(sameDocument(passport(one), passport(other))).toBe(same)
    expect(sameDocument(passport(other), passport(one))).toBe(same)
  })

  test('compares the person of a permit for Hong Kong and Macau residents', () => {
    const permit = (number: string) => ({ type: 'hk_macau_permit', number }) as const
    expect(sameDocument(permit('H12345678'), permit('H1234567802'))).toBe(true)
    expect(sameDocument(permit('H12345678'), permit('H12345679'))).toBe(false)
  })
})

test.each<[IdType, string, boolean]>([
  ['resident_id', '11010519491231002X', true],
  ['hmt_residence_permit', '830000199201300022', true],
  ['foreigner_residence_id', '932682198501010017', true],
  ['foreigner_residence_id', 'USA110100010101', false],
  ['hk_macau_permit', 'H12345678', true],
  ['taiwan_permit', '12345678', false],
  ['passport', 'G12345678', false],
])('%s %s is a nation-wide identifier: %s', (type, number, expected) => {
  expect(isNationWide({ type, number })).toBe(expected)
})

describe('documentKey', () => {
  test.each<[IdType, string, string]>([
    ['hk_macau_permit', 'H12345678', 'H1234567801'],
    ['taiwan_permit', '1234567801', '1234567801(A)'],
    ['taiwan_permit', '1234567801B', '1234567801(A)'],
  ])('is the same for the %s %s and %s', (type, a, b) => {
    expect(documentKey({ type, number: a })).toBe(documentKey({ type, number: b }))
  })

  test.each<[IdType, string, IdType, string]>([
    ['hk_macau_permit', 'H12345678', 'hk_macau_permit', 'M12345678'],
    ['hk_macau_permit', 'H12345678', 'passport', 'H12345678'],
    ['taiwan_permit', '12345678', 'taiwan_permit', '1234567801'],
    ['passport', '123456789', 'passport', '1234567890'],
  ])('differs for %s %s and %s %s', (typeA, a, typeB, b) => {
    expect(documentKey({ type: typeA, number: a })).not.toBe(
      documentKey({ type: typeB, number: b }),
    )
  })

  test('differs for passports of one number from two countries', () => {
    const keys = ['BRA', 'DEU', undefined].map((country) =>
      documentKey({ type: 'passport', number: 'FB123456', ...(country && { country }) }),
    )
    expect(new Set(keys).size).toBe(3)
  })

  test('consists of type and number', () => {
    const form = { idType: 'resident_id', idNumber: '11010519491231002X' } as const
    expect(documentKey(documentOf(form))).toBe('resident_id:11010519491231002X')
  })
})

test.each([
  ['11010519491231002X', '110***********002X'],
  ['USA110100010101', 'USA********0101'],
  ['G12345678', 'G******78'],
  ['12345', '1**45'],
])('%s is shown as %s', (number, masked) => {
  expect(maskedIdNumber(number)).toBe(masked)
})

test('a masked number keeps its length and shows at most seven characters', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Z\d]{5,18}$/), (number) => {
      const masked = maskedIdNumber(number)
      expect(masked).toHaveLength(number.length)
      expect(masked.replaceAll('*', '').length).toBeLessThanOrEqual(number.length >= 15 ? 7 : 3)
    }),
  )
})

test('every document type has a reader of its numbers', () => {
  for (const type of Object.keys(idTypes) as IdType[])
    expect(readIdNumber(type, '!', today)).toHaveProperty('refused')
})
