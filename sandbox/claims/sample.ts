import type { Individual, Organisation } from '../../src/people/account.ts'

/** An invented account for the examples of docs/claims.md. */
const common = {
  id: '5f0f6b1c-7a52-4c0e-9a57-0d3f3c1f4f4e',
  username: 'linxiaoman',
  passwordHash: '',
  name: '林小满',
  document: { type: 'resident_id', number: '440524188001010014' },
  phone: '+8613800000000',
  card: { bank: '招商银行', masked: '', provedAt: Date.UTC(2026, 10, 26, 1, 2, 3) },
  consent: { wording: '', at: 0 },
  registeredAt: 0,
  version: 1,
} as const

export const person: Individual = {
  ...common,
  kind: 'individual',
  gender: 'male',
  birthdate: '1880-01-01',
}

/** A person whose document has an issuing country. */
export const foreigner: Individual = {
  ...person,
  document: { type: 'passport', country: 'BRA', number: 'FB123456' },
}

export const unit: Organisation = {
  ...common,
  kind: 'organisation',
  unit: {
    name: '深圳市某某有限公司',
    code: '91440300708461136T',
    legalRepresentative: common.name,
    legalRepresentativeIdNumber: common.document.number,
  },
  confirmedAt: 0,
}

const { card: _, consent: __, ...unproved } = person

/** A person whom two operators verified (人工核验). */
export const provedAtCounter: Individual = {
  ...unproved,
  counter: { provedAt: Date.UTC(2026, 10, 26, 1, 2, 3) },
}

/** The time of the examples' requests. */
export const now = Date.UTC(2026, 10, 26, 8)
