import * as z from 'zod'
import type { SmsGateway, SmsOutcome } from '../../../ports/services/sms-gateway.ts'
import { outcomeOf } from '../json-call.ts'
import { isMainland } from '../mainland-digits.ts'
import { orderedParams, type VendorTemplates, vendorTemplate } from '../sms-vendor-template.ts'
import { callTencent, type TencentService, tencentAnswer } from './tencent-call.ts'

const status = z.object({ Code: z.string() })
const answerSchema = tencentAnswer(z.object({ SendStatusSet: z.tuple([status]) }))

/** cloud.tencent.com/document/product/382/55981. Other codes (arrears, templates, keys) are ours to fix: `unavailable`. */
const byCode = {
  Ok: 'sent',
  'InvalidParameterValue.IncorrectPhoneNumber': 'invalid_phone',
  'FailedOperation.PhoneNumberInBlacklist': 'invalid_phone', // the holder or the carrier refuses
  'UnsupportedOperation.UnsupportedRegion': 'invalid_phone',
  'LimitExceeded.DeliveryFrequencyLimit': 'quota',
  'LimitExceeded.PhoneNumberThirtySecondLimit': 'quota',
  'LimitExceeded.PhoneNumberOneHourLimit': 'quota',
  'LimitExceeded.PhoneNumberDailyLimit': 'quota',
  'LimitExceeded.PhoneNumberSameContentDailyLimit': 'quota',
} as const satisfies Record<string, SmsOutcome>

/** The action requires a region. Each region sends to all countries. */
const region = 'ap-guangzhou'

/** 腾讯云短信, SendSms. */
export function smsTencent(
  config: TencentService & {
    readonly appId: string
    readonly signName: string
    readonly templates: VendorTemplates
  },
): SmsGateway {
  const service = { baseUrl: 'https://sms.tencentcloudapi.com', ...config }
  return {
    async send(message) {
      const params = {
        PhoneNumberSet: [message.phone],
        SmsSdkAppId: config.appId,
        TemplateId: vendorTemplate(config.templates, message),
        TemplateParamSet: orderedParams(message),
        // Messages to other countries are refused with a mainland signature.
        ...(isMainland(message.phone) && { SignName: config.signName }),
      }
      const action = { service: 'sms', name: 'SendSms', version: '2021-01-11', region }
      const answer = (await callTencent(service, action, params, answerSchema))?.Response
      const code =
        answer && ('errorCode' in answer ? answer.errorCode : answer.SendStatusSet[0].Code)
      return outcomeOf(code, byCode, service)
    },
  }
}
