import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/**
 * The form of `verified_claims` as the text of OpenID Identity Assurance Schema Definition 1.0 (section 5) gives it, as
 * far as an answer of ours may go, and stricter: members that the text does not know are refused. Written from the
 * text; the published files (`verified_claims.json`) are not copied here, see docs/decisions/0120.
 */
const text = { type: 'string', minLength: 1 }
const moment = { type: 'string', format: 'date-time', pattern: 'Z$' }
const object = (required: readonly string[], properties: object) => ({
  type: 'object',
  required,
  properties,
  additionalProperties: false,
})

const check = object(['check_method'], {
  check_method: text,
  organization: text,
  check_id: text,
  time: moment,
})

const evidence = object(['type'], {
  type: { const: 'electronic_record' },
  check_details: { type: 'array', minItems: 1, items: check },
  record: object(['type'], {
    type: text,
    source: object([], { name: text, country_code: { type: 'string', pattern: '^[A-Z]{3}$' } }),
  }),
})

const element = object(['verification', 'claims'], {
  verification: object(['trust_framework'], {
    trust_framework: text,
    assurance_level: text,
    time: moment,
    verification_process: text,
    txn: text,
    evidence: { type: 'array', minItems: 1, items: evidence },
  }),
  claims: {
    minProperties: 1,
    ...object([], {
      name: text,
      name_masked: text,
      id_type: text,
      id_number: text,
      id_number_last4: { type: 'string', maxLength: 4 },
      phone_number: { type: 'string', pattern: '^[+][0-9]{5,15}$' },
      gender: { enum: ['male', 'female'] },
      birthdate: { type: 'string', format: 'date' },
      over_18: { type: 'boolean' },
    }),
  },
})

const ajv = new Ajv2020({ allErrors: true })
formats.default(ajv)
const validate = ajv.compile({ anyOf: [element, { type: 'array', minItems: 1, items: element }] })

/** What is wrong with a `verified_claims`; nothing, when it is as the specification has it. */
export function schemaComplaints(verifiedClaims: unknown): readonly string[] {
  validate(verifiedClaims)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
