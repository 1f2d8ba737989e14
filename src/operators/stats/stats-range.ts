import { beginOfHour, inChina, lastDays } from '../../people/calendar.ts'
import type { TimeRange } from '../../ports/counters.ts'

/** 今天, 近7天, 近30天. */
export const dayRanges = [1, 7, 30] as const

export type DayRange = (typeof dayRanges)[number]

export type StatsRange = TimeRange & {
  readonly days: DayRange
  readonly by: 'hour' | 'day'
  /** The hours or days of the range up to now, ms since 1970, with what they are called. */
  readonly periods: readonly { readonly at: number; readonly name: string }[]
}

const hour = 3_600_000

/** The range that an address asks for (`?days=7`); today for anything else. */
export function statsRange(typed: unknown, now: number): StatsRange {
  const days = dayRanges.find((known) => String(known) === typed) ?? 1
  const range = lastDays(days, now)
  const by = days === 1 ? 'hour' : 'day'
  const length = by === 'hour' ? hour : 24 * hour
  const count = Math.floor((beginOfHour(now) - range.from) / length) + 1
  const periods = Array.from({ length: count }, (_, index) => {
    const at = range.from + index * length
    return { at, name: nameOf(at, by) }
  })
  return { ...range, days, by, periods }
}

/** `09时`, `11月30日`. */
function nameOf(at: number, by: StatsRange['by']): string {
  const date = inChina(at)
  return by === 'hour'
    ? `${String(date.getUTCHours()).padStart(2, '0')}时`
    : `${date.getUTCMonth() + 1}月${date.getUTCDate()}日`
}
