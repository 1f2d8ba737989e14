import fc from 'fast-check'
import type { IdType } from '../../config/id-types.ts'
import type { MessageCode } from '../../config/messages.ts'
import type { Unit } from '../../src/people/account.ts'
import { isLegalRepresentative, unitForm, unitOf } from '../../src/people/unit.ts'
import { foreigners, permitHolders, residents } from '../support/id-numbers.ts'
import { schemaResult } from '../support/schema-result.ts'

const form = unitForm('2026-11-24')
const typed = {
  unitName: '深圳市样例（集团）有限公司',
  idType: 'uscc',
  idNumber: '91350200776049653A',
  legalRepresentative: '阿卜杜·样例',
  legalRepresentativeIdNumber: '440524188001010014',
}
const refused = (more: object) => schemaResult(form, { ...typed, ...more })

test('what is typed is the unit, its code and its number folded', () => {
  const read = form.parse({
    ...typed,
    unitName: '  深圳市样例（集团）有限公司 ',
    idNumber: '９１３５０２００ 77604 9653a',
    legalRepresentative: '阿卜杜•样例',
    legalRepresentativeIdNumber: ' 440524 18800101 0014',
  })
  expect(unitOf(read)).toEqual({
    name: typed.unitName,
    code: typed.idNumber,
    legalRepresentative: typed.legalRepresentative,
    legalRepresentativeIdNumber: typed.legalRepresentativeIdNumber,
  })
})

test('a name is up to 128 of whatever characters, counted as people count', () => {
  expect(refused({ unitName: '𠮷'.repeat(128) })).toHaveProperty('unitName', '𠮷'.repeat(128))
  expect(refused({ unitName: '𠮷'.repeat(129) })).toEqual({
    refused: { unitName: 'unitName.length' },
  })
})

describe('a code that fails its check', () => {
  const odd = '91350203M0001QAY9B'
  test('is asked for again, and taken then, however it is written', () => {
    expect(refused({ idNumber: odd })).toEqual({ refused: { idNumber: 'uscc.check' } })
    expect(refused({ idNumber: odd, checkedCode: '' })).toEqual({
      refused: { idNumber: 'uscc.check' },
    })
    expect(refused({ idNumber: odd, checkedCode: ' 91350203m0001 qay9b' })).toMatchObject({
      idNumber: odd,
    })
  })
  test('is warned of beside what else is wrong', () => {
    expect(refused({ idNumber: odd, unitName: '' })).toEqual({
      refused: { unitName: 'unitName.missing', idNumber: 'uscc.check' },
    })
  })
  test('is another one than the page has warned of', () => {
    expect(refused({ idNumber: odd, checkedCode: '91350203M0001QAY8B' })).toEqual({
      refused: { idNumber: 'uscc.check' },
    })
  })
})

describe('法定代表人证件号, of whatever document', () => {
  test('every number of 18 that is one', () => {
    fc.assert(
      fc.property(fc.oneof(residents, permitHolders, foreigners), ({ number }) => {
        const read = refused({ legalRepresentativeIdNumber: number })
        expect(read).toHaveProperty('legalRepresentativeIdNumber', number)
      }),
    )
  })
  test('and no other', () => {
    fc.assert(
      fc.property(residents, fc.integer({ min: 0, max: 16 }), ({ number }, at) => {
        const wrong = number.slice(0, at) + ((Number(number[at]) + 1) % 10) + number.slice(at + 1)
        expect(refused({ legalRepresentativeIdNumber: wrong })).toHaveProperty('refused')
      }),
    )
  })
  test.each([
    'H12345678',
    'M1234567802',
    '12345678',
    '1234567890(B)',
    'E12345678',
    'ABC123456789012',
  ])('%s', (number) => {
    const read = refused({ legalRepresentativeIdNumber: number })
    expect(read).toHaveProperty('legalRepresentativeIdNumber', number)
  })
  test.each<[string, MessageCode]>([
    ['', 'legalRepresentativeIdNumber.missing'],
    ['44052418800101001', 'idNumber.short'],
    ['4405241880010100144', 'idNumber.long'],
    ['440524880101001', 'idNumber.fifteen'],
    ['440524188001010015', 'idNumber.checksum'],
    ['张三', 'idNumber.eighteen'],
    ['440524\u0007', 'text.unreadable'],
  ])('%j: %s', (number, code) => {
    expect(refused({ legalRepresentativeIdNumber: number })).toEqual({
      refused: { legalRepresentativeIdNumber: code },
    })
  })
})

describe('who is the legal representative', () => {
  const unit = (legalRepresentativeIdNumber: string): Unit => ({
    name: typed.unitName,
    code: typed.idNumber,
    legalRepresentative: '阿卜杜·样例',
    legalRepresentativeIdNumber,
  })
  const is = (type: IdType, number: string, name: string, held: string) =>
    isLegalRepresentative({ name, document: { type, number } }, unit(held))

  test.each<[string, boolean, IdType, string, string, string]>([
    [
      'by a 居民身份证',
      true,
      'resident_id',
      '440524188001010014',
      '阿卜杜·样例',
      '440524188001010014',
    ],
    [
      'whatever name the bank has',
      true,
      'resident_id',
      '440524188001010014',
      '别名',
      '440524188001010014',
    ],
    [
      'of another number',
      false,
      'resident_id',
      '11010519491231002X',
      '阿卜杜·样例',
      '440524188001010014',
    ],
    ['by a passport and the name', true, 'passport', 'E12345678', '阿卜杜•样例', 'E12345678'],
    ['by a passport of that number', false, 'passport', 'E12345678', '别人', 'E12345678'],
    [
      'by a permit that was renewed',
      true,
      'hk_macau_permit',
      'H1234567802',
      '阿卜杜·样例',
      'H12345678',
    ],
    ['by an old permit', true, 'taiwan_permit', '1234567890(B)', '阿卜杜·样例', '1234567890'],
  ])('%s: %p', (_, expected, type, number, name, held) => {
    expect(is(type, number, name, held)).toBe(expected)
  })
})
