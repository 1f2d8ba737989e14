import type { SmsGateway } from '../ports/sms-gateway.ts'
import type { DoTask } from '../ports/tasks.ts'

/** A notice goes out, some time. A number that gets no messages never will, so it is done too. */
export function sendNotice(gateway: SmsGateway): DoTask<'sms'> {
  return async ({ kind: _, ...message }) => {
    const outcome = await gateway.send(message)
    return outcome === 'sent' || outcome === 'invalid_phone'
  }
}
