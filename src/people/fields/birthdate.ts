import { inChina } from '../calendar.ts'
import { field } from './field.ts'
import { compact, halfWidth, withoutInvisible } from './typed-text.ts'

/** Earlier dates are typing errors. The limit is below 1900, since the example of GB 11643 was born in 1880. */
const earliest = '1850-01-01'

/**
 * Parses 出生日期 to ISO 8601 (`1990-01-31`), which date inputs send. It also accepts `1990/1/31`, `1990.1.31`,
 * `1990 1 31`, `19900131`, `1990年1月31日`, in full width too. `today` is an ISO date (`dayInChina`).
 */
export const birthdate = (today: string) =>
  field('birthdate.missing', (typed, reject) => {
    const [, year, month, day] =
      separated.exec(withoutInvisible(halfWidth(typed))) ??
      /^(\d{4})(\d\d)(\d\d)$/.exec(compact(typed)) ??
      []
    const date = realDate(year, month, day)
    if (!date) return reject('birthdate.format')
    if (date > today) return reject('birthdate.future')
    return date < earliest ? reject('birthdate.early') : date
  })

/** Year, month and day with separators. */
const separated =
  /^(\d{4})(?:\s*[-‐-―−/.,。、·年]\s*|\s+)(\d{1,2})(?:\s*[-‐-―−/.,。、·月]\s*|\s+)(\d{1,2})\s*[日号]?$/

/** The date in ISO 8601, or undefined if the calendar has no such day. */
export function realDate(year = '', month = '', day = ''): string | undefined {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const time = Date.parse(`${iso}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== iso ? undefined : iso
}

/** Whether a person can have been born on that day. */
export const isBirthdate = (date: string | undefined, today: string): date is string =>
  date !== undefined && date >= earliest && date <= today

/** The date in China at `now` (ms since 1970), in ISO 8601. */
export const dayInChina = (now: number): string => inChina(now).toISOString().slice(0, 10)
