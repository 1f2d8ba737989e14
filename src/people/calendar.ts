const hour = 60 * 60 * 1000
const day = 24 * hour
/** China has no summer time since 1991. */
const ahead = 8 * hour

/** The local time in China (UTC+8) in the UTC fields of the date. `now`: ms since 1970. */
export const inChina = (now: number): Date => new Date(now + ahead)

/** The beginning of the hour, ms since 1970. */
export const beginOfHour = (now: number): number => now - (now % hour)

/** The beginning of the day in China, ms since 1970. */
export const beginOfDay = (now: number): number => now - ((now + ahead) % day)

/** The last `days` days in China with today, whole: from the beginning of the first to the end of today. */
export function lastDays(
  days: number,
  now: number,
): { readonly from: number; readonly to: number } {
  const to = beginOfDay(now) + day
  return { from: to - days * day, to }
}

/**
 * Counts the whole calendar months in China between two times in ms since 1970. From 15 March 10:00 to 15 April 10:00
 * is one month. A day that a month does not have is replaced by the next day: from 31 January to 1 March is one month.
 */
export function wholeMonths(from: number, to: number): number {
  const [begin, end] = [inChina(from), inChina(to)]
  const months =
    (end.getUTCFullYear() - begin.getUTCFullYear()) * 12 + end.getUTCMonth() - begin.getUTCMonth()
  return intoMonth(end) < intoMonth(begin) ? months - 1 : months
}

/** The day without its year, e.g. `12月19日`, `19 Dec`. Tencent allows at most six characters in a template parameter. */
export function shortDay(locale: 'zh-CN' | 'en', at: number): string {
  const date = inChina(at)
  const [month, day] = [date.getUTCMonth(), date.getUTCDate()]
  return locale === 'en' ? `${day} ${months[month]}` : `${month + 1}月${day}日`
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Milliseconds since the beginning of the month. */
const intoMonth = (date: Date) => date.getUTCDate() * day + (date.getTime() % day)
