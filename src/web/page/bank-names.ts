import type { Banks } from '../../../config/banks.ts'
import { say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import type { BankMaintenance } from '../../ports/operators/bank-maintenance.ts'
import { timeOrDay } from './message-params.ts'

/** The options of 银行, with the prefixes of each bank's cards. */
export const bankNames = (banks: Banks, locale: Locale) =>
  banks.map(({ name, english, debit, socialSecurity }) => ({
    value: name,
    cards: [...debit, ...socialSecurity].join(' '),
    text: english && locale === 'en' ? `${english} (${name})` : name,
  }))

/** The options of 银行, which say of a suspended bank when it is expected to be back. */
export const bankOptions = (
  banks: Banks,
  locale: Locale,
  { suspendedUntil }: Pick<BankMaintenance, 'suspendedUntil'>,
  now: number,
) =>
  bankNames(banks, locale).map((bank) => {
    const until = suspendedUntil(bank.value)
    if (until === undefined) return bank
    const note = say(locale, 'bank.suspendedNote', { until: timeOrDay(until, locale, now) })
    return { ...bank, text: bank.text + note }
  })
