/** What a unit says of itself, to be compared with the registry (specification, section 3). */
export type UnitClaim = {
  readonly name: string
  /** 统一社会信用代码. */
  readonly code: string
  readonly legalRepresentative: string
  /** 居民身份证 or another document's number of the legal representative. */
  readonly legalRepresentativeIdNumber: string
}

export const registryFindings = ['match', 'mismatch', 'no_record'] as const
export type RegistryOutcome = (typeof registryFindings)[number] | 'quota' | 'unavailable'

/**
 * 单位登记核验. Promises:
 * - resolves always, within 6 s; an outage, a time-out, an unreadable answer or an unknown code is `unavailable`,
 *   never a match;
 * - repeats a request once at most, and only when the first certainly was not carried out;
 * - writes nothing of the claim anywhere.
 */
export interface OrganisationRegistry {
  verify(claim: UnitClaim): Promise<RegistryOutcome>
}
