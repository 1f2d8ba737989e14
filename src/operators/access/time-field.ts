import * as z from 'zod'
import type { MessageCode } from '../../../config/messages.ts'
import { inChina } from '../../people/calendar.ts'
import { realDate } from '../../people/fields/birthdate.ts'
import { crossFieldRule, field } from '../../people/fields/field.ts'
import { halfWidth } from '../../people/fields/typed-text.ts'

/** A date with a time of day, as a field of type `datetime-local` sends it or as people type it; a date alone begins at 00:00. */
const typedTime =
  /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?)?$/

/** A time of China, in ms since 1970. */
export const time = (missing: MessageCode) =>
  field(missing, (typed, reject) => timeOf(typed) ?? reject('time.format'))

/** A field that may be left empty. */
export const orEmpty = <T>(schema: z.ZodType<T>) =>
  z.preprocess(
    (typed) => (typeof typed === 'string' && typed.trim() === '' ? undefined : typed),
    schema.optional(),
  )

function timeOf(typed: string): number | undefined {
  const [, year, month, day, hour = '00', minute = '00'] = typedTime.exec(halfWidth(typed)) ?? []
  const date = realDate(year, month, day)
  if (!date || Number(hour) > 23 || Number(minute) > 59) return undefined
  return Date.parse(`${date}T${hour.padStart(2, '0')}:${minute}:00+08:00`)
}

/** The value of a field of type `datetime-local`. */
export const timeValue = (at: number): string => inChina(at).toISOString().slice(0, 16)

/** 开始时间, which may be left empty, and 结束时间. */
export const periodFields = {
  from: orEmpty(time('time.format')),
  to: time('to.missing'),
} as const

/** The end is in the future and after the beginning. */
export const periodRule = (now: number) =>
  crossFieldRule<{ from?: number | undefined; to?: number | undefined }>(
    ['from', 'to'],
    ({ from = now, to }, reject) => {
      if (to === undefined) return
      if (to <= now) reject('to', 'time.past')
      else if (to <= from) reject('to', 'time.order')
    },
  )
