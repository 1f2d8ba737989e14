import * as z from 'zod'
import type { BankVerification } from '../../../ports/services/bank-verification.ts'
import { outcomeOf } from '../json-call.ts'
import { mainlandDigits } from '../mainland-digits.ts'
import { type AliyunService, callAliyun } from './aliyun-call.ts'
import { outcomeByBizCode, outcomeBySubCode } from './bank-outcomes-aliyun.ts'

const result = z.object({ BizCode: z.string(), SubCode: z.string().optional() })
const answerSchema = z.object({ Code: z.string(), ResultObject: result.optional() })

/** 阿里云 BankMetaVerify, four elements. It accepts resident ID only, takes no bank name and returns no card kind. */
export function bankAliyun(config: AliyunService): BankVerification {
  const service = { baseUrl: 'https://cloudauth.aliyuncs.com', ...config }
  return {
    async verify({ name, idType, idNumber, account, phone }) {
      if (idType !== '居民身份证') return { outcome: 'unsupported_document', notAsked: true }
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
      if (SubCode === undefined) return { outcome: outcomeOf(BizCode, outcomeByBizCode, service) }
      const agree = SubCode.startsWith(BizCode)
      return { outcome: outcomeOf(agree ? SubCode : 'contradiction', outcomeBySubCode, service) }
    },
  }
}
