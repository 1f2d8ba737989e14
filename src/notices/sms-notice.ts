import type { Locale } from '../../config/sentences.ts'
import type { SmsTemplate } from '../../config/sms-templates.ts'
import type { SmsGateway } from '../ports/services/sms-gateway.ts'
import type { TaskHandler, TaskOf } from '../ports/tasks.ts'

/** A fixed sentence that names nobody (decision 0083), in the language of the person at the keyboard. */
export const smsNotice = (template: SmsTemplate, phone: string, locale: Locale): TaskOf<'sms'> => ({
  kind: 'sms',
  phone,
  template,
  params: {},
  locale,
})

/** A notice goes out, some time. A number that gets no messages never will, so it is done too. */
export function sendNotice(gateway: SmsGateway): TaskHandler<'sms'> {
  return async ({ kind: _, ...message }) => {
    const outcome = await gateway.send(message)
    return outcome === 'sent' || outcome === 'invalid_phone'
  }
}
