import * as z from 'zod'
import type { BankOutcome, BankVerification } from '../../../ports/services/bank-verification.ts'
import { outcomeOf } from '../json-call.ts'
import { mainlandDigits } from '../mainland-digits.ts'
import { type AliyunService, callAliyun } from './aliyun-call.ts'

const result = z.object({ BizCode: z.string(), SubCode: z.string().optional() })
const answerSchema = z.object({ Code: z.string(), ResultObject: result.optional() })

/** BizCode: 1 consistent, 2 inconsistent, 3 not verifiable. The hundreds of SubCode have the same meaning. */
const byBizCode = { '1': 'match', '2': 'mismatch', '3': 'no_record' } as const

/** SubCode, as documented for BankMetaVerifyResponseBody in Alibaba Cloud's SDK (2019-03-07). 3xx are free of charge. */
const bySubCode = {
  '101': 'match',
  '201': 'mismatch', // the holder's data are wrong
  '202': 'card_unusable', // not enabled for authenticated payment
  '203': 'card_unusable', // expired
  '204': 'card_unusable', // restricted
  '205': 'card_unusable', // confiscated
  '206': 'no_record', // invalid card
  '207': 'no_record', // no issuing bank for it
  '208': 'card_unusable', // never activated, or dormant
  '209': 'card_unusable', // retained by a machine
  '210': 'card_unusable', // reported lost
  '211': 'card_unusable', // too many wrong passwords
  '212': 'unsupported_bank', // the issuer does not support this
  '213': 'card_unusable', // abnormal state
  '214': 'mismatch', // no phone reserved
  '215': 'mismatch', // password, expiry date or CVN2 wrong
  '216': 'card_unusable', // other abnormality of the card
  '301': 'unsupported_bank', // the card does not support this service
  '302': 'card_unusable', // the bank refuses to verify
  '303': 'unsupported_bank', // the card does not support a check of the phone
  '304': 'no_record', // wrong card number
  '305': 'unavailable', // other reasons
  '306': 'quota', // checked too often
} as const satisfies Record<string, BankOutcome>

/** 阿里云 BankMetaVerify, four elements. It accepts resident ID only, takes no bank name and returns no card kind. */
export function bankAliyun(config: AliyunService): BankVerification {
  const service = { baseUrl: 'https://cloudauth.aliyuncs.com', ...config }
  return {
    async verify({ name, idType, idNumber, account, phone }) {
      if (idType !== '居民身份证') return { outcome: 'unsupported_document' }
      const params = {
        ParamType: 'normal',
        VerifyMode: 'VERIFY_BANK_CARD',
        ProductType: 'BANK_CARD_4_META',
        BankCard: account,
        UserName: name,
        IdentifyNum: idNumber,
        Mobile: mainlandDigits(phone),
      }
      const action = { name: 'BankMetaVerify', version: '2019-03-07' }
      const answer = await callAliyun(service, action, params, answerSchema)
      if (answer?.Code !== '200' || !answer.ResultObject)
        return { outcome: outcomeOf(answer?.Code, {}, service) }
      const { BizCode, SubCode } = answer.ResultObject
      if (SubCode === undefined) return { outcome: outcomeOf(BizCode, byBizCode, service) }
      const agree = SubCode.startsWith(BizCode)
      return { outcome: outcomeOf(agree ? SubCode : 'contradiction', bySubCode, service) }
    },
  }
}
