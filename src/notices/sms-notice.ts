import type { Locale } from '../../config/sentences.ts'
import type { SmsTemplate } from '../../config/sms-templates.ts'
import type { SmsGateway } from '../ports/services/sms-gateway.ts'
import type { TaskHandler, TaskOf } from '../ports/tasks.ts'

/** A fixed message without personal data (decision 0083), in the language of the page that led to it. */
export const smsNotice = (template: SmsTemplate, phone: string, locale: Locale): TaskOf<'sms'> => ({
  kind: 'sms',
  phone,
  template,
  params: {},
  locale,
})

/** Sends a notice. A number that cannot receive messages is not retried; a notice over the budget waits for it. */
export function sendNotice(gateway: SmsGateway): TaskHandler<'sms'> {
  return async ({ kind: _, ...message }) => {
    const outcome = await gateway.send(message, 'registered')
    if (outcome === 'over_budget') return 'postponed'
    return outcome === 'sent' || outcome === 'invalid_phone'
  }
}
