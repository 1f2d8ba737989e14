import * as z from 'zod'
import { bankFailures, bankFindings } from '../../../ports/services/bank-outcomes.ts'
import type { BankAnswer, BankVerification } from '../../../ports/services/bank-verification.ts'
import { callExternalService, type ExternalService } from '../json-call.ts'
import { mainlandDigits } from '../mainland-digits.ts'

const answerSchema = z
  .object({
    outcome: z.enum([...bankFindings, ...bankFailures]),
    cardKind: z.enum(['debit', 'social-security']).optional(),
  })
  .transform(
    ({ outcome, cardKind }): BankAnswer =>
      outcome === 'match' && cardKind ? { outcome, cardKind } : { outcome },
  )

/**
 * A bank verification service that uses our own vocabulary: the simulator (specification, section 7) or one of the bureau.
 * `POST /bank/verifications` `{bank, name, idType, idCountry?, idNumber, account, phone}` → 200 `{outcome, cardKind?}`.
 */
export function bankHttp(service: ExternalService): BankVerification {
  return {
    async verify({ phone, ...claim }) {
      const body = { ...claim, phone: mainlandDigits(phone) }
      const answer = await callExternalService(
        service,
        {
          path: '/bank/verifications',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        },
        answerSchema,
      )
      return answer ?? { outcome: 'unavailable' }
    },
  }
}
