import fc from 'fast-check'
import type { IdType } from '../../config/id-types.ts'
import type { MessageCode } from '../../config/messages.ts'
import type { Unit } from '../../src/people/account.ts'
import { isLegalRepresentative, unitForm, unitFromForm } from '../../src/people/fields/unit.ts'
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
const resultWith = (more: object) => schemaResult(form, { ...typed, ...more })

test('the typed fields become the unit, with code, name and number folded', () => {
  const read = form.parse({
    ...typed,
    unitName: '  深圳市样例（集团）有限公司 ',
    idNumber: '９１３５０２００ 77604 9653a',
    legalRepresentative: '阿卜杜•样例',
    legalRepresentativeIdNumber: ' 440524 18800101 0014',
  })
  expect(unitFromForm(read)).toEqual({
    name: typed.unitName,
    code: typed.idNumber,
    legalRepresentative: typed.legalRepresentative,
    legalRepresentativeIdNumber: typed.legalRepresentativeIdNumber,
  })
})

test('a unit name may have up to 128 code points of any kind', () => {
  expect(resultWith({ unitName: '𠮷'.repeat(128) })).toHaveProperty('unitName', '𠮷'.repeat(128))
  expect(resultWith({ unitName: '𠮷'.repeat(129) })).toEqual({
    refused: { unitName: 'unitName.length' },
  })
})

describe('a code with a wrong check digit', () => {
  const codeWithWrongCheck = '91350203M0001QAY9B'
  test('is accepted when it is typed again, in whatever notation', () => {
    expect(resultWith({ idNumber: codeWithWrongCheck })).toEqual({
      refused: { idNumber: 'uscc.check' },
    })
    expect(resultWith({ idNumber: codeWithWrongCheck, checkedCode: '' })).toEqual({
      refused: { idNumber: 'uscc.check' },
    })
    expect(
      resultWith({ idNumber: codeWithWrongCheck, checkedCode: ' 91350203m0001 qay9b' }),
    ).toMatchObject({
      idNumber: codeWithWrongCheck,
    })
  })
  test('is reported together with other problems', () => {
    expect(resultWith({ idNumber: codeWithWrongCheck, unitName: '' })).toEqual({
      refused: { unitName: 'unitName.missing', idNumber: 'uscc.check' },
    })
  })
  test('is refused when the page has warned of another code', () => {
    expect(resultWith({ idNumber: codeWithWrongCheck, checkedCode: '91350203M0001QAY8B' })).toEqual(
      {
        refused: { idNumber: 'uscc.check' },
      },
    )
  })
})

describe('法定代表人证件号, whose document type is unknown', () => {
  test('may be any valid number of 18 characters', () => {
    fc.assert(
      fc.property(fc.oneof(residents, permitHolders, foreigners), ({ number }) => {
        const read = resultWith({ legalRepresentativeIdNumber: number })
        expect(read).toHaveProperty('legalRepresentativeIdNumber', number)
      }),
    )
  })
  test('is refused when a number of 18 characters has a wrong check digit', () => {
    fc.assert(
      fc.property(residents, fc.integer({ min: 0, max: 16 }), ({ number }, at) => {
        const wrong = number.slice(0, at) + ((Number(number[at]) + 1) % 10) + number.slice(at + 1)
        expect(resultWith({ legalRepresentativeIdNumber: wrong })).toHaveProperty('refused')
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
  ])('may be %s', (number) => {
    const read = resultWith({ legalRepresentativeIdNumber: number })
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
  ])('%j is refused with %s', (number, code) => {
    expect(resultWith({ legalRepresentativeIdNumber: number })).toEqual({
      refused: { legalRepresentativeIdNumber: code },
    })
  })
})

describe('isLegalRepresentative', () => {
  const unit = (legalRepresentativeIdNumber: string): Unit => ({
    name: typed.unitName,
    code: typed.idNumber,
    legalRepresentative: '阿卜杜·样例',
    legalRepresentativeIdNumber,
  })
  const is = (type: IdType, number: string, name: string, registered: string) =>
    isLegalRepresentative({ name, document: { type, number } }, unit(registered))

  test.each<[string, boolean, IdType, string, string, string]>([
    [
      'the same 居民身份证',
      true,
      'resident_id',
      '440524188001010014',
      '阿卜杜·样例',
      '440524188001010014',
    ],
    [
      'the same 居民身份证 with another name at the bank',
      true,
      'resident_id',
      '440524188001010014',
      '别名',
      '440524188001010014',
    ],
    [
      'another 居民身份证',
      false,
      'resident_id',
      '11010519491231002X',
      '阿卜杜·样例',
      '440524188001010014',
    ],
    ['the same passport and name', true, 'passport', 'E12345678', '阿卜杜•样例', 'E12345678'],
    ['the same passport with another name', false, 'passport', 'E12345678', '别人', 'E12345678'],
    ['a renewed permit', true, 'hk_macau_permit', 'H1234567802', '阿卜杜·样例', 'H12345678'],
    ['an old permit', true, 'taiwan_permit', '1234567890(B)', '阿卜杜·样例', '1234567890'],
  ])('for %s is %p', (_, expected, type, number, name, registered) => {
    expect(is(type, number, name, registered)).toBe(expected)
  })
})
