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
