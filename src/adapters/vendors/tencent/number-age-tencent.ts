import * as z from 'zod'
import type { NumberAges } from '../../../ports/services/number-age.ts'
import { outcomeOf } from '../json-call.ts'
import { isMainland, mainlandDigits } from '../mainland-digits.ts'
import { callTencent, type TencentService, tencentAnswer } from './tencent-call.ts'

const answerSchema = tencentAnswer(z.object({ Result: z.string(), Range: z.string().optional() }))

/** Result, as documented for MobileNetworkTimeVerification (cloud.tencent.com/document/api/1007/40546). */
const byResult = {
  '0': 'known',
  '-1': 'unknown', // not a phone number
  '-2': 'unknown', // no such number
  '-3': 'unknown', // the number exists, but without a time on the network
  '-4': 'unavailable', // busy
  '-5': 'unknown', // asked too often today
} as const

/** `[a,b)`: months on the network; `+` means no upper end. */
const range = /^\[(\d{1,4}),(?:\d{1,4}|\+)\)$/

/** 腾讯云 MobileNetworkTimeVerification. It knows mainland numbers only. */
export function numberAgeTencent(config: TencentService): NumberAges {
  const service = { baseUrl: 'https://faceid.tencentcloudapi.com', ...config }
  return {
    async ask(phone) {
      if (!isMainland(phone)) return 'unknown'
      const params = { Mobile: mainlandDigits(phone) }
      const action = {
        service: 'faceid',
        name: 'MobileNetworkTimeVerification',
        version: '2018-03-01',
      }
      const answer = (await callTencent(service, action, params, answerSchema))?.Response
      if (answer && 'errorCode' in answer) return outcomeOf(answer.errorCode, {}, service)
      const outcome = outcomeOf(answer?.Result, byResult, service)
      if (outcome !== 'known') return outcome
      const [, from] = range.exec(answer?.Range ?? '') ?? []
      if (from) return { months: Number(from) }
      service.report?.('unreadable')
      return 'unavailable'
    },
  }
}
