import { type MessageCode, say } from '../../../config/messages.ts'
import type { Locale } from '../../../config/sentences.ts'
import { inChina } from '../../people/calendar.ts'
import { longWait, type Message, type MessageParams } from '../../people/refusal.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** The parameters of a message, with the texts of `{when}` and `{until}`. */
export const messageParamsOf = (
  { params, retryAfter, until }: Message,
  locale: Locale,
  now: number,
): MessageParams => ({
  ...params,
  ...(retryAfter !== undefined && { when: whenIn(retryAfter, locale, now) }),
  ...(until !== undefined && { until: timeOrDay(until, locale, now) }),
})

/** The text of a wait: a short one in seconds, a longer one as the time in China, rounded up to the minute. */
function whenIn(retryAfter: number, locale: Locale, now: number): string {
  if (retryAfter < longWait) return say(locale, 'when.seconds', { seconds: retryAfter })
  const at = Math.ceil((now + retryAfter * 1000) / minute) * minute
  const days = dayOf(at) - dayOf(now)
  return say(locale, nameOfDay[days] ?? 'when.day', { time: clockTime(at), day: dayIn(locale, at) })
}

/** The time in China, with the date if it is on another day. */
export const timeOrDay = (at: number, locale: Locale, now: number): string =>
  dayOf(at) === dayOf(now) ? clockTime(at) : `${dayIn(locale, at)} ${clockTime(at)}`

const nameOfDay: readonly MessageCode[] = ['when.today', 'when.tomorrow']

const dayOf = (at: number) => Math.floor(inChina(at).getTime() / day)

const clockTime = (at: number) => inChina(at).toISOString().slice(11, 16)

const dayIn = (locale: Locale, at: number) =>
  new Intl.DateTimeFormat(locale, {
    month: 'long',
    day: 'numeric',
    timeZone: 'Asia/Shanghai',
  }).format(at)
