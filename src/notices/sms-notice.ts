import type { Locale } from '../../config/sentences.ts'
import type { SmsTemplate } from '../../config/sms-templates.ts'
import type { Audit } from '../ports/audit.ts'
import type { SmsGateway } from '../ports/services/sms-gateway.ts'
import type { TaskHandler, TaskOf } from '../ports/tasks.ts'

/**
 * A fixed message without personal data (decision 0083), in the language of the page that led to it. `params`: the 核验码.
 */
export const smsNotice = (
  template: SmsTemplate,
  phone: string,
  locale: Locale,
  accountId?: string,
  params: Readonly<Record<string, string>> = {},
): TaskOf<'sms'> => ({
  ...{ kind: 'sms', phone, template, params, locale },
  ...(accountId && { accountId }),
})

/**
 * Sends a notice and records it, as every paid message. A number that cannot receive messages is not retried; a notice
 * over the budget waits for it.
 * @param sender the name of this process in the audit trail, since a task has no visitor
 */
export function sendNotice(
  gateway: SmsGateway,
  audit: Pick<Audit, 'record'>,
  sender: string,
): TaskHandler<'sms'> {
  return async ({ kind: _, accountId, ...message }) => {
    const outcome = await gateway.send(message, 'registered')
    if (outcome === 'over_budget') return 'postponed'
    if (outcome === 'sent')
      await audit.record({
        ...{ what: 'sms-sent', address: sender, detail: message.template },
        ...(accountId && { accountId }),
      })
    return outcome === 'sent' || outcome === 'invalid_phone'
  }
}
