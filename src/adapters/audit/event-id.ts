import { inChina } from '../../people/calendar.ts'

/** Milliseconds of a day in China, which has no summer time. */
const dayLength = 24 * 60 * 60 * 1000

/** The place of an event: the calendar day in China, the process that wrote it, and its number there, from 1. */
export type EventPlace = { readonly day: string; readonly process: string; readonly number: number }

/** The chain of one process on one day. */
export type ChainName = Omit<EventPlace, 'number'>

/** `DAY.PROCESS.NUMBER`. The order of the ids is the order of days and, within a chain, of events. */
export const eventIdOf = ({ day, process, number }: EventPlace): string =>
  `${chainPrefix({ day, process })}${String(number).padStart(9, '0')}`

/** The beginning of the ids of all events of a chain. */
export const chainPrefix = ({ day, process }: ChainName): string => `${day}.${process}.`

const pattern = /^(\d{4}-\d\d-\d\d)\.([\da-f]{16})\.(\d{9})$/

/** Undefined for the id of an event from before the chain, or one that this adapter did not write. */
export function placeOf(id: string): EventPlace | undefined {
  const [, day, process, number] = pattern.exec(id) ?? []
  return day && process && number ? { day, process, number: Number(number) } : undefined
}

/** The calendar day in China of a time in ms since 1970, e.g. `2026-11-29`. */
export const auditDayOf = (at: number): string => inChina(at).toISOString().slice(0, 10)

/** The first millisecond of a day, ms since 1970. */
const startOfDay = (day: string): number => Date.parse(`${day}T00:00:00+08:00`)

/** The first millisecond of the day after. */
export const endOfDay = (day: string): number => startOfDay(day) + dayLength

/** A query for all ids that begin with a text, as a range of the index; `/` is the character after `.`. */
export const idsBelow = (prefix: string) => ({
  $gt: prefix,
  $lt: prefix.replace(/\.$/, '/'),
})
