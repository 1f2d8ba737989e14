import * as z from 'zod'
import type { NumberAges } from '../../../ports/services/number-age.ts'
import { callExternalService, type ExternalService } from '../json-call.ts'
import { mainlandDigits } from '../mainland-digits.ts'

const answerSchema = z
  .object({ monthsOnNetwork: z.int().min(0) })
  .transform(({ monthsOnNetwork }) => ({ months: monthsOnNetwork }))

/** The simulator (specification, section 7): `GET /phones/{phone}/age` → 200 `{monthsOnNetwork}`. */
export function numberAgeHttp(service: ExternalService): NumberAges {
  return {
    async ask(phone) {
      const path = `/phones/${encodeURIComponent(mainlandDigits(phone))}/age`
      return (
        (await callExternalService(service, { path, headers: {} }, answerSchema)) ?? 'unavailable'
      )
    },
  }
}
