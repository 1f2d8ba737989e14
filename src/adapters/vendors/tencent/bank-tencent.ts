import * as z from 'zod'
import type { BankOutcome, BankVerification } from '../../../ports/services/bank-verification.ts'
import { outcomeOf } from '../json-call.ts'
import { mainlandDigits } from '../mainland-digits.ts'
import { callTencent, type TencentService, tencentAnswer } from './tencent-call.ts'

const answerSchema = tencentAnswer(z.object({ Result: z.string() }))

/** Result, as documented for BankCard4EVerification (cloud.tencent.com/document/product/1007/35775). */
const byResult = {
  '0': 'match',
  '-1': 'mismatch',
  '-6': 'mismatch', // the holder's data are wrong
  '-7': 'card_unusable', // not enabled for payment without the card
  '-8': 'card_unusable', // confiscated
  '-9': 'no_record', // invalid card number
  '-10': 'no_record', // no issuing bank for it
  '-11': 'card_unusable', // never activated, or dormant
  '-12': 'card_unusable', // retained by a machine
  '-13': 'card_unusable', // reported lost
  '-14': 'card_unusable', // expired
  '-15': 'card_unusable', // restricted
  '-16': 'card_unusable', // too many wrong passwords
  '-17': 'unsupported_bank', // the issuer does not support this
  // The codes below are free of charge.
  '-2': 'mismatch', // not a name
  '-3': 'mismatch', // not an ID number
  '-4': 'no_record', // not a card number
  '-5': 'mismatch', // not a phone number
  '-18': 'unavailable', // busy
  '-19': 'quota', // checked too often today
  '-20': 'unsupported_document',
} as const satisfies Record<string, BankOutcome>

/** 腾讯云 BankCard4EVerification. It accepts resident ID only, takes no bank name and returns no card kind. */
export function bankTencent(config: TencentService): BankVerification {
  const service = { baseUrl: 'https://faceid.tencentcloudapi.com', ...config }
  return {
    async verify({ name, idType, idNumber, account, phone }) {
      if (idType !== '居民身份证') return { outcome: 'unsupported_document' }
      const params = {
        Name: name,
        BankCard: account,
        Phone: mainlandDigits(phone),
        IdCard: idNumber,
        CertType: 0,
      }
      const action = { service: 'faceid', name: 'BankCard4EVerification', version: '2018-03-01' }
      const answer = (await callTencent(service, action, params, answerSchema))?.Response
      if (answer && 'errorCode' in answer)
        return { outcome: outcomeOf(answer.errorCode, {}, service) }
      return { outcome: outcomeOf(answer?.Result, byResult, service) }
    },
  }
}
