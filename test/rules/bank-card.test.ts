import fc from 'fast-check'
import * as z from 'zod'
import { readBanks } from '../../config/banks.ts'
import type { MessageCode } from '../../config/messages.ts'
import {
  bankAccount,
  bankConsent,
  bankName,
  cardFinding,
  maskedAccount,
} from '../../src/people/fields/bank-card.ts'
import { refusedWith, schemaResult } from '../support/schema-result.ts'

const banks = readBanks()

/** Computes the check digit by adding the digits of each doubled number (ISO/IEC 7812-1, annex B), not by the shortcut of the code. */
const withCheckDigit = (digits: string): string => {
  const sum = [...digits]
    .reverse()
    .flatMap((digit, at) => [...String(Number(digit) * (at % 2 ? 1 : 2))])
    .reduce((all, digit) => all + Number(digit), 0)
  return digits + ((10 - (sum % 10)) % 10)
}
const cardNumber = (prefix: string, length = 19) => withCheckDigit(prefix.padEnd(length - 1, '0'))
const accounts = fc.stringMatching(/^\d{14,18}$/).map(withCheckDigit)

test('15 to 19 digits with a valid check digit are accepted', () => {
  fc.assert(
    fc.property(accounts, (account) => expect(schemaResult(bankAccount, account)).toBe(account)),
  )
})

test('a single wrong digit is always detected', () => {
  fc.assert(
    fc.property(accounts, fc.nat(), fc.integer({ min: 1, max: 9 }), (account, position, by) => {
      const at = position % account.length
      const digit = (Number(account[at]) + by) % 10
      const wrong = account.slice(0, at) + digit + account.slice(at + 1)
      expect(schemaResult(bankAccount, wrong)).toEqual(refusedWith('account.check'))
    }),
  )
})

test.each(['4111 1111 1111 1111', '4111-1111-1111-1111', '４１１１　１１１１ 1111 1111'])(
  '%s is accepted although it has separators or full-width digits',
  (typed) => {
    expect(schemaResult(bankAccount, typed)).toBe('4111111111111111')
  },
)

test.each<[string, MessageCode]>([
  ['', 'account.missing'],
  ['abc', 'account.characters'],
  ['4111 1111 1111 111x', 'account.characters'],
  ['41111111111111', 'account.short'],
  ['41111111111111111111', 'account.long'],
  ['4111111111111112', 'account.check'],
  ['4111111111111111\0', 'text.unreadable'],
])('%j is refused with %s', (typed, code) => {
  expect(schemaResult(bankAccount, typed)).toEqual(refusedWith(code))
})

describe('cardFinding', () => {
  test.each(
    banks.flatMap(({ name, debit, credit }) => [
      ...debit.map((prefix) => [prefix, name, 'ok'] as const),
      ...credit.map((prefix) => [prefix, name, 'credit'] as const),
    ]),
  )('prefix %s of %s is found to be %s', (prefix, name, finding) => {
    expect(cardFinding(cardNumber(prefix), name, banks)).toBe(finding)
  })

  test('a debit card of another bank is recognised, and a credit card whichever bank was chosen', () => {
    for (const bank of banks)
      for (const { name } of banks.filter((other) => other !== bank)) {
        for (const prefix of bank.debit)
          expect(cardFinding(cardNumber(prefix), name, banks)).toBe('other_bank')
        for (const prefix of bank.credit)
          expect(cardFinding(cardNumber(prefix), name, banks)).toBe('credit')
      }
  })

  test('an unknown prefix raises no objection', () => {
    expect(cardFinding(cardNumber('699999'), '建设银行', banks)).toBe('ok')
  })

  test('the longest prefix wins', () => {
    const two = [
      { name: 'A', debit: ['6217'], socialSecurity: ['62170012'], credit: [] },
      { name: 'B', debit: ['6217002'], socialSecurity: [], credit: ['62170013'] },
    ]
    expect(cardFinding(cardNumber('6217002'), 'B', two)).toBe('ok')
    expect(cardFinding(cardNumber('6217002'), 'A', two)).toBe('other_bank')
    expect(cardFinding(cardNumber('62170012'), 'A', two)).toBe('ok')
    expect(cardFinding(cardNumber('62170013'), 'A', two)).toBe('credit')
  })
})

describe('the form of bank, consent and account', () => {
  const form = z.object({ bank: bankName(banks), bankConsent, account: bankAccount })
  const typed = { bank: '建设银行', bankConsent: 'yes', account: cardNumber('621700') }

  test('accepts a complete form', () => expect(schemaResult(form, typed)).toEqual(typed))

  test.each([
    ['no bank', { bank: '' }, { bank: 'bank.missing' }],
    ['an unknown bank', { bank: '花旗银行' }, { bank: 'bank.missing' }],
    ['no consent', { bankConsent: undefined }, { bankConsent: 'bankConsent.missing' }],
    [
      'another value for the consent',
      { bankConsent: 'no' },
      { bankConsent: 'bankConsent.missing' },
    ],
  ])('refuses %s', (_, change, refused) => {
    expect(schemaResult(form, { ...typed, ...change })).toEqual({ refused })
  })
})

test('a masked account shows its first and last four digits', () => {
  expect(maskedAccount('6217000000000000007')).toBe('6217 **** **** 0007')
  expect(maskedAccount('4111111111111111')).toBe('4111 **** **** 1111')
})
