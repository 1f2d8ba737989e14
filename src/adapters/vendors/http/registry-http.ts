import * as z from 'zod'
import { foldIdNumber } from '../../../people/fields/id-number.ts'
import { sameName } from '../../../people/fields/person-name.ts'
import type {
  OrganisationRegistry,
  RegistryOutcome,
  UnitClaim,
} from '../../../ports/services/organisation-registry.ts'
import { callExternalService, type ExternalService } from '../json-call.ts'

const entry = z.object({
  name: z.string(),
  legalRepresentative: z.string(),
  legalRepresentativeIdNumber: z.string(),
})
/** Said in so many words: a 404 of a proxy or of a wrong address is no answer of the registry. */
const without = z.object({ error: z.enum(['no_record', 'quota']) })
const answered = z.union([entry, without])

/**
 * The simulator (specification, section 7), or a registry that speaks as it does.
 * `GET /registry/organisations/{code}` → 200 `{name, legalRepresentative, legalRepresentativeIdNumber}`,
 * 404 `{error: "no_record"}`, 429 `{error: "quota"}`. The code is public; what was typed stays here and is compared here.
 */
export function registryHttp(
  service: ExternalService & {
    /** Sent as a bearer token where given. */
    readonly token?: string | undefined
  },
): OrganisationRegistry {
  const headers = service.token ? { authorization: `Bearer ${service.token}` } : {}
  return {
    async verify(claim) {
      const path = `/registry/organisations/${encodeURIComponent(claim.code)}`
      const answer = await callExternalService(service, { path, headers }, answered, isAnswer)
      if (!answer) return 'unavailable'
      return 'error' in answer ? answer.error : compared(answer, claim)
    },
  }
}

const isAnswer = (status: number) => status === 200 || status === 404 || status === 429

function compared(held: z.output<typeof entry>, claim: UnitClaim): RegistryOutcome {
  const same =
    sameName(held.name, claim.name) &&
    sameName(held.legalRepresentative, claim.legalRepresentative) &&
    foldIdNumber(held.legalRepresentativeIdNumber) ===
      foldIdNumber(claim.legalRepresentativeIdNumber)
  return same ? 'match' : 'mismatch'
}
