import type { Banks } from '../../../config/banks.ts'
import type { Locale } from '../../../config/sentences.ts'

/** The options of 银行, with the prefixes of each bank's cards. */
export const bankNames = (banks: Banks, locale: Locale) =>
  banks.map(({ name, english, debit, socialSecurity }) => ({
    value: name,
    cards: [...debit, ...socialSecurity].join(' '),
    text: english && locale === 'en' ? `${english} (${name})` : name,
  }))
