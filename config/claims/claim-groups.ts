/** The groups in which pages show what a client gets, in this order. */
export const claimGroups = ['basic', 'document', 'phone', 'verified', 'away'] as const
export type ClaimGroup = (typeof claimGroups)[number]

/** The group of a claim (a verified one is named `verified_claims.NAME`) or of `offline_access`. */
export function claimGroupOf(name: string): ClaimGroup {
  if (name.startsWith('verified_claims')) return 'verified'
  return groupOfClaim[name] ?? 'basic'
}

const groupOfClaim: Readonly<Record<string, ClaimGroup>> = {
  id_type: 'document',
  id_country: 'document',
  id_number: 'document',
  org_id_type: 'document',
  org_id_number: 'document',
  phone_number: 'phone',
  phone_number_verified: 'phone',
  offline_access: 'away',
}
