import type { MessageCode } from '../../config/messages.ts'
import type { Case } from './support-case.ts'

/** Values for the placeholders of a sentence, e.g. `{ minutes: 5 }` for `{minutes}`. */
export type MessageParams = Readonly<Record<string, string | number>>

/**
 * A message that is not yet translated. `retryAfter` (seconds from now) replaces its placeholder `{when}`, `until` (ms
 * since 1970) replaces `{until}`.
 */
export type Message = {
  readonly code: MessageCode
  readonly params?: MessageParams
  readonly retryAfter?: number
  readonly until?: number
}

/**
 * A refusal that the person can act on; it is returned, never thrown.
 * `field` is the form field that the message is shown beside, or `form` for the whole page.
 * `status` is the HTTP status: 422 rejected input (default), 403 a frozen account, 429 over a limit, 503 an outage.
 * `retryAfter` is in seconds.
 */
export type Refusal = Message & {
  readonly field: string
  readonly status?: 403 | 422 | 429 | 503
  /** Messages below it that say which ways are still open, and until when. */
  readonly notes?: readonly Message[]
  /** The attempt did not count against any limit, and the page says so. */
  readonly notCounted?: true
  /** The facts that support sees under the case number of the page. */
  readonly case?: Case
}

export const refuse = (
  field: string,
  code: MessageCode,
  more: Omit<Refusal, 'field' | 'code'> = {},
): Refusal => ({ field, code, ...more })

/** Seconds. Shorter waits are shown in seconds, without a case number and without help. */
export const longWait = 120

export const isLongWait = ({ status, retryAfter = 0 }: Refusal): boolean =>
  status === 429 && retryAfter >= longWait

/** Adds notes to a refusal. */
export const withNotes = (refusal: Refusal, notes: readonly Message[]): Refusal =>
  notes.length ? { ...refusal, notes: [...(refusal.notes ?? []), ...notes] } : refusal
