import type { Locale } from '../../../config/sentences.ts'
import type { SmsTemplate } from '../../../config/sms-templates.ts'
import type { Recipient } from './budgets.ts'

export type SmsMessage = {
  /** E.164, e.g. `+8613800000000`. */
  readonly phone: string
  readonly template: SmsTemplate
  readonly params: Readonly<Record<string, string>>
  readonly locale: Locale
}

/**
 * 短信网关. Promises:
 * - `send` never rejects, and resolves within 6 s: `sent` if the gateway accepted the message, `invalid_phone` if the
 *   number cannot receive messages, `quota` if it has received too many, `unavailable` in all other cases;
 * - a request is repeated at most once, and only if the first one was certainly not processed, so that nobody gets a
 *   message twice;
 * - neither number nor text is logged or stored.
 */
export interface SmsGateway {
  send(message: SmsMessage, recipient?: Recipient): Promise<SmsOutcome>
}
/** `over_budget`: nothing was sent, because the budget for this recipient is spent. */
export type SmsOutcome = 'sent' | 'invalid_phone' | 'quota' | 'unavailable' | 'over_budget'
