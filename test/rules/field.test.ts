import fc from 'fast-check'
import * as z from 'zod'
import { readBanks } from '../../config/banks.ts'
import { fieldMessages } from '../../config/messages/fields-messages.ts'
import { bankAccount, bankConsent, bankName } from '../../src/people/fields/bank-card.ts'
import { birthdate } from '../../src/people/fields/birthdate.ts'
import {
  bearerRules,
  documentFields,
  documentRules,
  gender,
} from '../../src/people/fields/id-document.ts'
import { organisationCode } from '../../src/people/fields/organisation-code.ts'
import {
  newPassword,
  passwordAgain,
  passwordHidesUsername,
  passwordsAgree,
} from '../../src/people/fields/password.ts'
import { personName } from '../../src/people/fields/person-name.ts'
import { phoneFields, phoneRules } from '../../src/people/fields/phone.ts'
import { compact, halfWidth } from '../../src/people/fields/typed-text.ts'
import { username } from '../../src/people/fields/username.ts'
import { cardNumber } from '../support/people.ts'
import { schemaResult } from '../support/schema-result.ts'

const today = '2026-11-24'
const banks = readBanks()
const regions = ['+86', '+852'] as const

/** A form with every field and every rule of the specification, section 4. */
const shape = {
  username,
  password: newPassword({ common: new Set(), classes: 1 }, ['liming']),
  passwordAgain,
  name: personName,
  ...documentFields,
  gender,
  birthdate: birthdate(today),
  bank: bankName(banks),
  bankConsent,
  account: bankAccount,
  ...phoneFields(regions),
  organisationCode,
}
const form = z
  .object(shape)
  .check(
    passwordsAgree,
    passwordHidesUsername,
    ...documentRules(today),
    ...bearerRules(today),
    ...phoneRules(regions),
  )

const refusedWhenEmpty = {
  username: 'username.missing',
  password: 'password.missing',
  passwordAgain: 'passwordAgain.missing',
  name: 'name.missing',
  idType: 'idType.missing',
  idNumber: 'idNumber.missing',
  gender: 'gender.missing',
  birthdate: 'birthdate.missing',
  bank: 'bank.missing',
  bankConsent: 'bankConsent.missing',
  account: 'account.missing',
  phone: 'phone.missing',
  organisationCode: 'uscc.missing',
}

test('a form without any field is refused for each of them', () => {
  expect(schemaResult(form, {})).toEqual({ refused: refusedWhenEmpty })
})

test.each([
  ['empty', ''],
  ['blank', ' \u3000 '],
  ['doubled', ['a', 'b']],
  ['nested', { a: 'b' }],
  ['null', null],
  ['a number', 13800000000],
  ['a switch', true],
])('fields that are %s are treated as missing', (_, typed) => {
  const typedForm = Object.fromEntries(Object.keys(refusedWhenEmpty).map((name) => [name, typed]))
  expect(schemaResult(form, typedForm)).toEqual({ refused: refusedWhenEmpty })
})

test('a field with only invisible characters is treated as missing, except a password, in which they count', () => {
  const typed = Object.fromEntries(
    Object.keys(refusedWhenEmpty).map((name) => [name, '\u200b\ufeff\u3164']),
  )
  const { passwordAgain: _, ...others } = refusedWhenEmpty
  expect(schemaResult(form, typed)).toEqual({ refused: { ...others, password: 'password.short' } })
})

test('no input makes a field throw, and every refusal has a message', () => {
  const anything = fc.oneof(
    fc.anything(),
    fc.string({ unit: 'binary' }),
    fc.string({ size: 'large' }),
  )
  const forms = fc.record(Object.fromEntries(Object.keys(shape).map((name) => [name, anything])))
  fc.assert(
    fc.property(forms, (typed) => expect(schemaResult(form, typed)).toHaveProperty('refused')),
    { numRuns: 300 },
  )
})

test('an issue does not contain what was typed', () => {
  const typed = Object.fromEntries(Object.keys(shape).map((name) => [name, 'zzTELLTALEzz\u0001']))
  expect(JSON.stringify(form.safeParse(typed).error)).not.toContain('TELLTALE')
})

test('fields of a million characters are refused without backtracking', () => {
  for (const long of ['1'.repeat(1e6), '李'.repeat(1e6), '. '.repeat(1e6), 'a·'.repeat(1e6)])
    expect(
      schemaResult(form, Object.fromEntries(Object.keys(shape).map((name) => [name, long]))),
    ).toHaveProperty('refused')
})

test('folding width and spaces is idempotent, and leaves neither full-width characters nor spaces', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(halfWidth(halfWidth(text))).toBe(halfWidth(text))
      expect(compact(compact(text))).toBe(compact(text))
      expect(compact(text)).not.toMatch(/[\s\uFF01-\uFF5E\u3000]/)
    }),
  )
})

test('invisible characters in numbers, phones, dates and usernames are ignored', () => {
  const invisible = fc.constantFrom(
    '\u200b',
    '\u200e',
    '\u202c',
    '\u2060',
    '\ufeff',
    '\u00ad',
    '\u3164',
  )
  const plain = {
    idType: 'resident_id',
    idNumber: '440524188001010014',
    birthdate: '1880-01-01',
    account: cardNumber('621483'),
    phone: '13800000000',
    organisationCode: '91350200776049653A',
    username: 'li.ming',
  }
  const { idType, idNumber, birthdate: born, account, phone, organisationCode: code } = shape
  const formOfSome = z
    .object({
      ...{ idType, idNumber, birthdate: born, account, phone, organisationCode: code },
      username: shape.username,
      phoneRegion: shape.phoneRegion,
    })
    .check(...documentRules(today), ...phoneRules(regions))
  fc.assert(
    fc.property(invisible, fc.nat(10), (mark, at) => {
      const typed = Object.fromEntries(
        Object.entries(plain).map(([name, value]) =>
          name === 'idType' ? [name, value] : [name, value.slice(0, at) + mark + value.slice(at)],
        ),
      )
      expect(schemaResult(formOfSome, typed)).toEqual({
        ...plain,
        phone: '+8613800000000',
        phoneRegion: '+86',
      })
    }),
  )
})

test('every message has the same parameters in both languages', () => {
  const parameters = (sentence: string) => (sentence.match(/\{\w+\}/g) ?? []).sort()
  for (const sentence of Object.values(fieldMessages))
    expect(parameters(sentence.en)).toEqual(parameters(sentence['zh-CN']))
})
