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
/** The registry names its reason in the body: a 404 of a proxy, or of a wrong address, is no answer of the registry. */
const failure = z.object({ error: z.enum(['no_record', 'quota']) })
const answerSchema = z.union([entry, failure])

/**
 * The simulator (specification, section 7), or a registry with the same interface.
 * `GET /registry/organisations/{code}` → 200 `{name, legalRepresentative, legalRepresentativeIdNumber}`,
 * 404 `{error: "no_record"}`, 429 `{error: "quota"}`. Only the public code is sent; the typed data are compared here
 * (decision 0082).
 */
export function registryHttp(
  service: ExternalService & {
    /** A bearer token (RFC 6750), if the registry requires one. */
    readonly token?: string | undefined
  },
): OrganisationRegistry {
  const headers = service.token ? { authorization: `Bearer ${service.token}` } : {}
  return {
    async verify(claim) {
      const path = `/registry/organisations/${encodeURIComponent(claim.code)}`
      const answer = await callExternalService(service, { path, headers }, answerSchema, isAnswer)
      if (!answer) return 'unavailable'
      return 'error' in answer ? answer.error : compare(answer, claim)
    },
  }
}

const isAnswer = (status: number) => status === 200 || status === 404 || status === 429

function compare(found: z.output<typeof entry>, claim: UnitClaim): RegistryOutcome {
  const same =
    sameName(found.name, claim.name) &&
    sameName(found.legalRepresentative, claim.legalRepresentative) &&
    foldIdNumber(found.legalRepresentativeIdNumber) ===
      foldIdNumber(claim.legalRepresentativeIdNumber)
  return same ? 'match' : 'mismatch'
}
