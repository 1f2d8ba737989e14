import * as z from 'zod'
import { reason } from '../access/reason.ts'

/** 事由, by the rule of the console. */
export const reasonValue = reason.meta({
  description: '事由, for the audit.',
  ...{ minLength: 1, maxLength: 200, pattern: '\\S' },
})

/** The body of an action that has 事由 alone. */
export const reasonBody = z.strictObject({ reason: reasonValue })

/** A time in answers, in UTC. */
export const instant = z.string().meta({ format: 'date-time' })

/** 事由 where the console asks for none; the path stands in the audit without it. */
export const optionalReason = reasonValue.optional()

/** The reason as a part of the event. */
export const withReason = (reason: string | undefined) => (reason === undefined ? {} : { reason })

/** A time in requests (RFC 3339), as ms since 1970. */
export const time = z.iso
  .datetime({ offset: true, error: 'adminApi.time' })
  .transform((text) => Date.parse(text))

export const iso = (at: number): string => new Date(at).toISOString()

/** The size of a page in a query. */
export const pageSize = (most: number, usual: number) =>
  z.coerce
    .number({ error: 'adminApi.limit' })
    .int('adminApi.limit')
    .min(1, 'adminApi.limit')
    .max(most, 'adminApi.limit')
    .default(usual)
