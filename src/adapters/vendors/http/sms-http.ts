import * as z from 'zod'
import { smsTemplates } from '../../../../config/sms-templates.ts'
import type { SmsGateway, SmsMessage } from '../../../ports/services/sms-gateway.ts'
import { callExternalService, type ExternalService } from '../json-call.ts'
import { mainlandDigits } from '../mainland-digits.ts'

/**
 * A gateway that accepts the whole text of a message: the simulator (specification, section 7).
 * `POST /sms/messages` `{phone, template, params, text}` → 202 or 204, whatever the body.
 */
export function smsHttp(service: ExternalService): SmsGateway {
  return {
    async send(message) {
      const { phone, template, params } = message
      const body = { phone: mainlandDigits(phone), template, params, text: textOf(message) }
      const sent = await callExternalService(
        service,
        {
          path: '/sms/messages',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
        z.unknown().transform(() => 'sent' as const),
        (status) => status === 202 || status === 204,
      )
      return sent ?? 'unavailable'
    },
  }
}

const textOf = ({ template, params, locale }: SmsMessage): string =>
  smsTemplates[template][locale].replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(params, name) ? (params[name] ?? whole) : whole,
  )
