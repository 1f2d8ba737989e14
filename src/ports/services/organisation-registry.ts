/** The data of a unit that the registry confirms together (specification, section 3). */
export type UnitClaim = {
  readonly name: string
  /** 统一社会信用代码. */
  readonly code: string
  readonly legalRepresentative: string
  /** The number of the legal representative's 居民身份证 or another document. */
  readonly legalRepresentativeIdNumber: string
}

export const registryFindings = ['match', 'mismatch', 'no_record'] as const
export type RegistryOutcome = (typeof registryFindings)[number] | 'quota' | 'unavailable'

/**
 * 单位登记核验. Promises:
 * - `verify` never rejects, and resolves within 6 s; an outage, a time-out, an unreadable answer or an unknown code is
 *   `unavailable`, never a match;
 * - a request is repeated at most once, and only if the first one was certainly not processed;
 * - nothing of the claim is logged or stored.
 */
export interface OrganisationRegistry {
  verify(claim: UnitClaim): Promise<RegistryOutcome>
}
