const day = 24 * 60 * 60 * 1000

/** What the clocks in China show (UTC+8, no summer time since 1991) at `now`, ms since 1970: in the UTC fields. */
export const inChina = (now: number): Date => new Date(now + 8 * 60 * 60 * 1000)

/**
 * Whole months of the calendar in China from one moment to a later one, in ms since 1970: from 15 March 10:00 to
 * 15 April 10:00 it is one. What the calendar doesn't have comes on the next day: 31 January to 1 March is one.
 */
export function wholeMonths(from: number, to: number): number {
  const [begin, end] = [inChina(from), inChina(to)]
  const months =
    (end.getUTCFullYear() - begin.getUTCFullYear()) * 12 + end.getUTCMonth() - begin.getUTCMonth()
  return intoMonth(end) < intoMonth(begin) ? months - 1 : months
}

/** The day without its year, in six characters at most (Tencent's templates take no more): `12月19日`, `19 Dec`. */
export function shortDay(locale: 'zh-CN' | 'en', at: number): string {
  const date = inChina(at)
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()]
  return locale === 'en' ? `${day} ${months[month]}` : `${month + 1}月${day}日`
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Milliseconds since the first of its month. */
const intoMonth = (date: Date) => date.getUTCDate() * day + (date.getTime() % day)
