import * as z from 'zod'
import type { BankVerification } from '../../../ports/services/bank-verification.ts'
import { outcomeOf } from '../json-call.ts'
import { mainlandDigits } from '../mainland-digits.ts'
import { outcomeByResult } from './bank-outcomes-tencent.ts'
import { callTencent, type TencentService, tencentAnswer } from './tencent-call.ts'

const answerSchema = tencentAnswer(z.object({ Result: z.string() }))

/** 腾讯云 BankCard4EVerification. It accepts resident ID only, takes no bank name and returns no card kind. */
export function bankTencent(config: TencentService): BankVerification {
  const service = { baseUrl: 'https://faceid.tencentcloudapi.com', ...config }
  return {
    async verify({ name, idType, idNumber, account, phone }) {
      if (idType !== '居民身份证') return { outcome: 'unsupported_document', notAsked: true }
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
      return { outcome: outcomeOf(answer?.Result, outcomeByResult, service) }
    },
  }
}
