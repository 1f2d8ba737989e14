import * as z from 'zod'
import type { SmsGateway, SmsOutcome } from '../../../ports/services/sms-gateway.ts'
import { outcomeOf } from '../json-call.ts'
import { mainlandDigits } from '../mainland-digits.ts'
import { type VendorTemplates, vendorTemplate } from '../sms-vendor-template.ts'
import { type AliyunService, callAliyun } from './aliyun-call.ts'

const answerSchema = z.object({ Code: z.string() })

/** help.aliyun.com/document_detail/101346.html. Other codes (arrears, templates, keys) are ours to fix: `unavailable`. */
const byCode = {
  OK: 'sent',
  'isv.MOBILE_NUMBER_ILLEGAL': 'invalid_phone',
  'isv.CUSTOMER_REFUSED': 'invalid_phone', // the holder unsubscribed
  'isv.BUSINESS_LIMIT_CONTROL': 'quota', // by the minute, hour or day, for one number
} as const satisfies Record<string, SmsOutcome>

/** 阿里云短信服务, SendSms. */
export function smsAliyun(
  config: AliyunService & { readonly signName: string; readonly templates: VendorTemplates },
): SmsGateway {
  const service = { baseUrl: 'https://dysmsapi.aliyuncs.com', ...config }
  return {
    async send(message) {
      const params = {
        // Numbers outside the mainland have their country code without the plus sign.
        PhoneNumbers: mainlandDigits(message.phone).replace('+', ''),
        SignName: config.signName,
        TemplateCode: vendorTemplate(config.templates, message),
        TemplateParam: JSON.stringify(message.params),
      }
      const action = { name: 'SendSms', version: '2017-05-25' }
      const answer = await callAliyun(service, action, params, answerSchema)
      return outcomeOf(answer?.Code, byCode, service)
    },
  }
}
