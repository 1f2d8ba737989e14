import type { MessageCode } from '../../config/messages.ts'

/** Values for the placeholders of a sentence, e.g. `{ minutes: 5 }` for `{minutes}`. */
export type MessageParams = Readonly<Record<string, string | number>>

/**
 * An answer to the person at the keyboard, who can act on it; never an exception.
 * `field` is the form field it stands beside, or `form` when it is about the whole page.
 * `status` is the HTTP status: 422 rejected input (default), 429 over a limit, 503 an outage.
 * `retryAfter` is in seconds.
 */
export type Refusal = {
  readonly field: string
  readonly code: MessageCode
  readonly params?: MessageParams
  readonly status?: 422 | 429 | 503
  readonly retryAfter?: number
}

export const refuse = (
  field: string,
  code: MessageCode,
  more: Omit<Refusal, 'field' | 'code'> = {},
): Refusal => ({ field, code, ...more })
