import type { MessageCode } from '../../config/messages.ts'
import type { Case } from './support-case.ts'

/** Values for the placeholders of a sentence, e.g. `{ minutes: 5 }` for `{minutes}`. */
export type MessageParams = Readonly<Record<string, string | number>>

/**
 * A sentence before it is put into a language. `retryAfter`: in how many seconds the `{when}` of it comes; `until`: the
 * moment that its `{until}` names (ms since 1970).
 */
export type Said = {
  readonly code: MessageCode
  readonly params?: MessageParams
  readonly retryAfter?: number
  readonly until?: number
}

/**
 * An answer to the person at the keyboard, who can act on it; never an exception.
 * `field` is the form field it stands beside, or `form` when it is about the whole page.
 * `status` is the HTTP status: 422 rejected input (default), 429 over a limit, 503 an outage.
 * `retryAfter` is in seconds.
 */
export type Refusal = Said & {
  readonly field: string
  readonly status?: 422 | 429 | 503
  /** Sentences below it: what is still possible, and until when. */
  readonly notes?: readonly Said[]
  /** The try costs the person nothing, and the page says so. */
  readonly notCounted?: true
  /** The facts that support sees under the case number of the page. */
  readonly case?: Case
}

export const refuse = (
  field: string,
  code: MessageCode,
  more: Omit<Refusal, 'field' | 'code'> = {},
): Refusal => ({ field, code, ...more })

/** Waits that are shorter are told in seconds, have no case number and need no help. */
export const longWait = 120

export const isLongWait = ({ status, retryAfter = 0 }: Refusal): boolean =>
  status === 429 && retryAfter >= longWait

/** The same refusal with more sentences under it. */
export const withNotes = (refusal: Refusal, notes: readonly Said[]): Refusal =>
  notes.length ? { ...refusal, notes: [...(refusal.notes ?? []), ...notes] } : refusal
