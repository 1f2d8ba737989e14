import type { Banks } from '../../config/banks.ts'
import type { Locale } from '../../config/messages.ts'

/** The banks as a page names them. */
export const bankNames = (banks: Banks, locale: Locale) =>
  banks.map(({ name, english }) => ({
    value: name,
    text: english && locale === 'en' ? `${english} (${name})` : name,
  }))
