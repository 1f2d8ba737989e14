import * as z from 'zod'
import type { NumberAges } from '../../../ports/services/number-age.ts'
import { outcomeOf } from '../json-call.ts'
import { isMainland, mainlandDigits } from '../mainland-digits.ts'
import { type AliyunService, callAliyun } from './aliyun-call.ts'

const result = z.object({ BizCode: z.string(), TimeCode: z.string().optional() })
const answerSchema = z.object({ Code: z.string(), ResultObject: result.optional() })

/** BizCode, as documented for MobileOnlineTime (2019-03-07): 3 means no record. Its SDK also lists 2, which does not apply here. */
const byBizCode = { '1': 'known', '3': 'unknown' } as const

/** TimeCode: 1 [0,3), 2 [3,6), 3 [6,12), 4 [12,24), 5 [24,+) months. The table has the lower end. */
const fromMonth: Readonly<Record<string, number>> = { '1': 0, '2': 3, '3': 6, '4': 12, '5': 24 }

/** 阿里云 MobileOnlineTime, part of the same product as BankMetaVerify. It knows mainland numbers only. */
export function numberAgeAliyun(config: AliyunService): NumberAges {
  const service = { baseUrl: 'https://cloudauth.aliyuncs.com', ...config }
  return {
    async ask(phone) {
      if (!isMainland(phone)) return 'unknown'
      const params = { ParamType: 'normal', Mobile: mainlandDigits(phone) }
      const action = { name: 'MobileOnlineTime', version: '2019-03-07' }
      const answer = await callAliyun(service, action, params, answerSchema)
      if (answer?.Code !== '200' || !answer.ResultObject)
        return outcomeOf(answer?.Code, {}, service)
      const { BizCode, TimeCode = '' } = answer.ResultObject
      const outcome = outcomeOf(BizCode, byBizCode, service)
      if (outcome !== 'known') return outcome
      const months = Object.hasOwn(fromMonth, TimeCode) ? fromMonth[TimeCode] : undefined
      if (months !== undefined) return { months }
      service.report?.('unreadable')
      return 'unavailable'
    },
  }
}
