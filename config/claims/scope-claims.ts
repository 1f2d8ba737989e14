import { verifiedScope } from './verified-claims.ts'

/**
 * The claims that a client may see with each scope (specification, section 6; OpenID Connect Core 1.0, 5.4): only
 * `identity` discloses an ID number of a person. The claims come from userinfo, and in the ID token if the `claims`
 * parameter requests it.
 */
export const scopeClaims = {
  openid: ['sub'],
  profile: ['preferred_username', 'name', 'gender', 'birthdate', 'user_type'],
  phone: ['phone_number', 'phone_number_verified'],
  identity: ['id_type', 'id_country', 'id_number', 'name'],
  organisation: ['org_name', 'org_id_type', 'org_id_number', 'org_confirmed'],
  [verifiedScope]: ['verified_claims'],
} as const

export type ClaimName = (typeof scopeClaims)[keyof typeof scopeClaims][number]
