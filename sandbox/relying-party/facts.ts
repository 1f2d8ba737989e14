import type { UserInfoResponse } from 'openid-client'
import { atCounter, byBank } from '../../config/claims/verified-claims.ts'
import { idTypes } from '../../config/id-types.ts'
import { maskedIdNumber } from '../../src/people/fields/id-document.ts'
import { maskedPhone } from '../../src/people/fields/phone.ts'

/** The facts about the signed-in person that a page can show, from userinfo. A missing claim gives undefined. */
export const facts = {
  name: ({ name }) => said(name),
  idType: ({ id_type: given }) => Object.entries(idTypes).find(([type]) => type === given)?.[1],
  idNumber: ({ id_number: given }) => masked(given, maskedIdNumber),
  phone: ({ phone_number: given }) => masked(given, maskedPhone),
  proof: ({ verified_claims: given }) => proofs.get(frameworkOf(given)),
  birthdate: ({ birthdate }) => said(birthdate),
  unit: ({ org_name: given }) => said(given),
  unitNumber: ({ org_id_number: given }) => said(given),
  sub: ({ sub }) => sub,
} as const satisfies Readonly<Record<string, (userinfo: UserInfoResponse) => string | undefined>>

/** The names of the trust frameworks that the platform uses, as its pages have them. */
const proofs = new Map<unknown, string>([
  [byBank.trustFramework, '银行核验'],
  [atCounter.trustFramework, '人工核验'],
])

const frameworkOf = (verifiedClaims: unknown): unknown =>
  Object(Object(verifiedClaims).verification).trust_framework

export type Fact = keyof typeof facts

const said = (claim: unknown) => (typeof claim === 'string' ? claim : undefined)
const masked = (claim: unknown, mask: (text: string) => string) =>
  typeof claim === 'string' ? mask(claim) : undefined
