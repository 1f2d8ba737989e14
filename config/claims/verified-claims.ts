import type { IdType } from '../id-types.ts'

/**
 * Verified claims (OpenID Connect for Identity Assurance 1.0; specification, section 6): a bank confirmed name,
 * document, account and reserved phone together. `data`: the bank compared the typed data with its own.
 */
export const byBank = {
  trustFramework: 'cn_bank_card',
  assuranceLevel: 'four_elements',
  evidenceType: 'electronic_record',
  recordType: 'bank_account',
  checkMethod: 'data',
} as const

/**
 * 人工核验 (specification of the operators' side, section 10). `vpip`: the document was validated in physical presence
 * (OpenID Identity Assurance Schema Definition 1.0, predefined values).
 */
export const atCounter = {
  trustFramework: 'cn_counter',
  assuranceLevel: 'in_person',
  evidenceType: 'document',
  checkMethod: 'vpip',
} as const

const documentTypes = ['idcard', 'passport'] as const

/** The predefined value of a document's type: the permits are cards. */
export const documentTypeOf = (type: IdType): (typeof documentTypes)[number] =>
  type === 'passport' ? 'passport' : 'idcard'

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
  trust_frameworks_supported: [byBank.trustFramework, atCounter.trustFramework],
  evidence_supported: [byBank.evidenceType, atCounter.evidenceType],
  electronic_records_supported: [byBank.recordType],
  documents_supported: documentTypes,
  documents_check_methods_supported: [atCounter.checkMethod],
  claims_in_verified_claims_supported: verifiedClaimNames,
} as const
