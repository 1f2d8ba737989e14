import type { Locale } from '../../../config/sentences.ts'
import type { SmsTemplate } from '../../../config/sms-templates.ts'

export type SmsMessage = {
  /** E.164, e.g. `+8613800000000`. */
  readonly phone: string
  readonly template: SmsTemplate
  readonly params: Readonly<Record<string, string>>
  readonly locale: Locale
}

/**
 * 短信网关. Promises:
 * - resolves always, within 6 s: `sent` when the gateway took the message over, `invalid_phone` when it says that
 *   this number gets no messages, `quota` when it says that this number got enough of them, `unavailable` for
 *   everything else;
 * - repeats a request once at most, and only when the first certainly was not carried out: nobody gets a message twice;
 * - writes neither number nor text anywhere.
 */
export interface SmsGateway {
  send(message: SmsMessage): Promise<SmsOutcome>
}
export type SmsOutcome = 'sent' | 'invalid_phone' | 'quota' | 'unavailable'
