/**
 * Verified claims (OpenID Connect for Identity Assurance 1.0; specification, section 6): a bank confirmed name,
 * document, account and reserved phone together.
 */
export const trustFramework = 'cn_bank_card'
export const assuranceLevel = 'four_elements'
export const evidenceType = 'electronic_record'
export const recordType = 'bank_account'
/** The bank compared the typed data with its own. */
export const checkMethod = 'data'

/** The complete values, and partial values for clients that need no more. */
const wholes = [
  ...(['name', 'id_type', 'id_country', 'id_number', 'phone_number', 'gender'] as const),
  'birthdate',
] as const
const parts = ['name_masked', 'id_number_last4', 'over_18'] as const

export const verifiedClaimNames = [...wholes, ...parts] as const
export type VerifiedClaimName = (typeof verifiedClaimNames)[number]

/** The partial value that a client may see if it may see the complete one. */
export const partOf: Partial<Record<VerifiedClaimName, VerifiedClaimName>> = {
  name: 'name_masked',
  id_number: 'id_number_last4',
  birthdate: 'over_18',
}

/** The scope that requests verified claims, and scopes that add claims to it. */
export const verifiedScope = 'verified_identity'
export const verifiedScopeClaims = {
  [verifiedScope]: ['name', 'id_type', 'id_country', 'id_number'],
  profile: ['gender', 'birthdate'],
  phone: ['phone_number'],
} as const satisfies Record<string, readonly VerifiedClaimName[]>

/** Provider metadata (OpenID Connect for Identity Assurance 1.0, 8). */
export const verifiedClaimsMetadata = {
  verified_claims_supported: true,
  trust_frameworks_supported: [trustFramework],
  evidence_supported: [evidenceType],
  electronic_records_supported: [recordType],
  claims_in_verified_claims_supported: verifiedClaimNames,
} as const
