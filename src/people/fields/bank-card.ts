import type { BankName, Banks } from '../../../config/banks.ts'
import { choice, field, issue } from './field.ts'
import { compact } from './typed-text.ts'

/** 银行. */
export const bankName = (banks: Banks) =>
  choice(
    banks.map(({ name }) => name),
    'bank.missing',
  )

/** 银行, but for those whose service is suspended at present. */
export const bankInService = (
  banks: Banks,
  suspendedUntil: (bank: BankName) => number | undefined,
) =>
  bankName(banks).superRefine((bank, context) => {
    const until = suspendedUntil(bank)
    if (until !== undefined) context.addIssue(issue('bank.suspended', { until }))
  })

/** The checkbox 我同意将银行账号仅用于核验身份; its value is `yes`. */
export const bankConsent = choice(['yes'], 'bankConsent.missing')

/** 银行账号: 15–19 digits with a Luhn check digit (ISO/IEC 7812-1, annex B). Spaces, dashes and full width are folded. */
export const bankAccount = field('account.missing', (typed, reject) => {
  const account = compact(typed).replace(/[-‐-―−]/g, '')
  if (!/^\d+$/.test(account)) return reject('account.characters')
  if (account.length < 15) return reject('account.short')
  if (account.length > 19) return reject('account.long')
  return passesLuhn(account) ? account : reject('account.check')
})

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((all, digit, at) => {
    const value = at % 2 ? Number(digit) * 2 : Number(digit)
    return all + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}

/**
 * Checks the prefix of a card before a bank check is paid for: it may show a credit card, or another bank than the
 * selected one. An unknown prefix is accepted, since prefixes change.
 */
export function cardFinding(
  account: string,
  chosen: BankName,
  banks: Banks,
): 'ok' | 'credit' | 'other_bank' {
  const known = banks
    .flatMap(({ name, debit, socialSecurity, credit }) => [
      ...[...debit, ...socialSecurity].map((prefix) => ({ name, prefix, kind: 'debit' })),
      ...credit.map((prefix) => ({ name, prefix, kind: 'credit' })),
    ])
    .filter(({ prefix }) => account.startsWith(prefix))
    .reduce((a, b) => (b.prefix.length > a.prefix.length ? b : a), {
      name: chosen,
      prefix: '',
      kind: 'debit',
    })
  if (known.kind === 'credit') return 'credit'
  return known.name === chosen ? 'ok' : 'other_bank'
}

/** `6217 **** **** 0007`, whatever the length: enough to recognise a card, too little to use it. */
export const maskedAccount = (account: string): string =>
  `${account.slice(0, 4)} **** **** ${account.slice(-4)}`
