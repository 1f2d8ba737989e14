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
} from '../../src/people/bank-card.ts'
import { refusedWith, schemaResult } from '../support/schema-result.ts'

const banks = readBanks()

/** Luhn's check digit as ISO/IEC 7812-1 describes it: of the doubled ones the digits are added. */
const withCheck = (digits: string): string => {
  const sum = [...digits]
    .reverse()
    .flatMap((digit, at) => [...String(Number(digit) * (at % 2 ? 1 : 2))])
    .reduce((all, digit) => all + Number(digit), 0)
  return digits + ((10 - (sum % 10)) % 10)
}
const card = (prefix: string, length = 19) => withCheck(prefix.padEnd(length - 1, '0'))
const accounts = fc.stringMatching(/^\d{14,18}$/).map(withCheck)

test('15 to 19 digits with their check pass', () => {
  fc.assert(
    fc.property(accounts, (account) => expect(schemaResult(bankAccount, account)).toBe(account)),
  )
})

test('a single wrong digit is always told', () => {
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
  '%s: groups and full width are forgiven',
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
])('%j: %s', (typed, code) => {
  expect(schemaResult(bankAccount, typed)).toEqual(refusedWith(code))
})

describe('what the first digits tell', () => {
  test.each(
    banks.flatMap(({ name, debit, credit }) => [
      ...debit.map((prefix) => [prefix, name, 'ok'] as const),
      ...credit.map((prefix) => [prefix, name, 'credit'] as const),
    ]),
  )('%s of %s: %s', (prefix, name, finding) => {
    expect(cardFinding(card(prefix), name, banks)).toBe(finding)
  })

  test('of each bank another one is told, and a credit card whatever was chosen', () => {
    for (const bank of banks)
      for (const { name } of banks.filter((other) => other !== bank)) {
        for (const prefix of bank.debit)
          expect(cardFinding(card(prefix), name, banks)).toBe('other_bank')
        for (const prefix of bank.credit)
          expect(cardFinding(card(prefix), name, banks)).toBe('credit')
      }
  })

  test('of an unknown prefix nothing', () => {
    expect(cardFinding(card('699999'), '建设银行', banks)).toBe('ok')
  })

  test('the longest prefix wins', () => {
    const two = [
      { name: 'A', debit: ['6217'], socialSecurity: ['62170012'], credit: [] },
      { name: 'B', debit: ['6217002'], socialSecurity: [], credit: ['62170013'] },
    ]
    expect(cardFinding(card('6217002'), 'B', two)).toBe('ok')
    expect(cardFinding(card('6217002'), 'A', two)).toBe('other_bank')
    expect(cardFinding(card('62170012'), 'A', two)).toBe('ok')
    expect(cardFinding(card('62170013'), 'A', two)).toBe('credit')
  })
})

describe('the other fields of a form', () => {
  const form = z.object({ bank: bankName(banks), bankConsent, account: bankAccount })
  const typed = { bank: '建设银行', bankConsent: 'yes', account: card('621700') }

  test('pass together', () => expect(schemaResult(form, typed)).toEqual(typed))

  test.each([
    ['nothing chosen', { bank: '' }, { bank: 'bank.missing' }],
    ['no such bank', { bank: '花旗银行' }, { bank: 'bank.missing' }],
    ['not agreed', { bankConsent: undefined }, { bankConsent: 'bankConsent.missing' }],
    ['agreed to something else', { bankConsent: 'no' }, { bankConsent: 'bankConsent.missing' }],
  ])('%s', (_, change, refused) => {
    expect(schemaResult(form, { ...typed, ...change })).toEqual({ refused })
  })
})

test('of an account eight digits are shown', () => {
  expect(maskedAccount('6217000000000000007')).toBe('6217 **** **** 0007')
  expect(maskedAccount('4111111111111111')).toBe('4111 **** **** 1111')
})
