import * as z from 'zod'
import { pollDelivery, pushDelivery } from '../../config/events.ts'
import { streamStatuses } from '../ports/sso/event-streams.ts'
import { StreamRefusal } from './stream-refusal.ts'

const shortText = z.string().max(1000)
const uri = z.string().min(1).max(500)
const push = z.looseObject({
  method: z.literal(pushDelivery),
  endpoint_url: z.url({ protocol: /^https?$/ }).max(1000),
  // A header value (RFC 9110, 5.5).
  authorization_header: z
    .string()
    .regex(/^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/)
    .max(4000)
    .optional(),
})
const poll = z.looseObject({ method: z.literal(pollDelivery) })

/** The values that a receiver chooses (Shared Signals Framework 1.0, 8.1.1). */
export const settingsBody = z.looseObject({
  delivery: z.discriminatedUnion('method', [push, poll]).optional(),
  events_requested: z.array(uri).max(100).optional(),
  description: shortText.optional(),
})
export type SettingsBody = z.infer<typeof settingsBody>

export const changedSettingsBody = z.looseObject({ ...settingsBody.shape, stream_id: shortText })

export const statusBody = z.looseObject({
  stream_id: shortText,
  status: z.enum(streamStatuses),
  reason: shortText.optional(),
})

/** A subject identifier of any format (RFC 9493, 3). */
export const subjectBody = z.looseObject({
  stream_id: shortText,
  subject: z.looseObject({
    format: shortText,
    iss: shortText.optional(),
    sub: shortText.optional(),
  }),
  verified: z.boolean().optional(),
})

export const verificationBody = z.looseObject({
  stream_id: shortText,
  state: shortText.optional(),
})

/** RFC 8936, 2.2. */
export const pollBody = z.looseObject({
  maxEvents: z.int().min(0).optional(),
  returnImmediately: z.boolean().optional(),
  ack: z.array(shortText).max(1000).optional(),
  setErrs: z
    .record(shortText, z.looseObject({ err: z.string(), description: z.string().optional() }))
    .optional(),
})

/** The body in the given form, or a refusal with 400 that names the members at fault. */
export function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const names = new Set(parsed.error.issues.map(({ path }) => path.map(String).join('.')))
  throw new StreamRefusal(400, `Not valid: ${[...names].join(', ') || 'the body'}.`)
}
