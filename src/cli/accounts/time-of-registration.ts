import * as z from 'zod'

const form = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?(Z|[+-]\d\d:?\d\d)?)?$/

/** `registered_at` in ISO 8601, as ms since 1970. A time without a zone is China's. A time after `now` is refused. */
export const timeOfRegistration = (now: number) =>
  z.string({ error: 'missing' }).transform((text, context): number => {
    const [, day, clock = '00:00', zone = '+08:00'] = form.exec(text.trim()) ?? []
    const time = day ? Date.parse(`${day}T${clock}${zone}`) : Number.NaN
    if (time <= now) return time
    context.addIssue({ code: 'custom', message: 'no time in the past by ISO 8601' })
    return z.NEVER
  })
