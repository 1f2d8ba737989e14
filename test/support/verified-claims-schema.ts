import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

/**
 * A schema of `verified_claims` after the text of OpenID Identity Assurance Schema Definition 1.0 (section 5). It covers
 * what the platform can return, and is stricter: it refuses members that the text does not define, and values that the
 * platform never returns. The published files are not copied here (decision 0120).
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

const checks = { type: 'array', minItems: 1, items: check }

const electronicRecord = object(['type'], {
  type: { const: 'electronic_record' },
  check_details: checks,
  record: object(['type'], {
    type: text,
    source: object([], { name: text, country_code: { type: 'string', pattern: '^[A-Z]{3}$' } }),
  }),
})

const idDocument = object(['type'], {
  type: { const: 'document' },
  check_details: checks,
  document_details: object(['type'], { type: { enum: ['idcard', 'passport'] } }),
})

const evidence = { anyOf: [electronicRecord, idDocument] }

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
      id_country: { type: 'string', pattern: '^[A-Z]{3}$' },
      id_number: text,
      id_number_last4: { type: 'string', maxLength: 4 },
      phone_number: { type: 'string', pattern: '^[+][0-9]{5,15}$' },
      gender: { enum: ['male', 'female'] },
      birthdate: { type: 'string', format: 'date' },
      over_18: { type: 'boolean' },
    }),
  },
})

const newAjv = (options: object) => {
  const ajv = new Ajv2020({ allErrors: true, ...options })
  formats.default(ajv)
  return ajv
}

const ours = newAjv({}).compile({
  type: 'object',
  properties: {
    verified_claims: { anyOf: [element, { type: 'array', minItems: 1, items: element }] },
  },
})

/**
 * The published files are used as well where IDA_SCHEMAS names their folder (docs/conformance.md). They do not pass
 * ajv's strict mode.
 */
const folder = process.env['IDA_SCHEMAS']
const published = folder ? readPublished(folder) : undefined

function readPublished(from: string) {
  const ajv = newAjv({ strict: false })
  const names = ['claims_schema', 'verified_claims_request', 'verified_claims'] as const
  const schemas = names.map((name) => JSON.parse(readFileSync(join(from, `${name}.json`), 'utf8')))
  const [, request, answer] = ajv.addSchema(schemas) && schemas.map(({ $id }) => ajv.getSchema($id))
  if (!request || !answer) throw new Error(`no schemas in ${from}`)
  return { request, answer }
}

function complaints(by: ValidateFunction | undefined, what: object): readonly string[] {
  if (!by || by(what)) return []
  return (by.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

/** Returns the errors of a `verified_claims` value. */
export function schemaComplaints(verifiedClaims: unknown): readonly string[] {
  const answer = { verified_claims: verifiedClaims }
  return [ours, published?.answer].flatMap((schema) => complaints(schema, answer))
}

/** Returns the errors of a requested `verified_claims` by the published schema, if that is available. */
export const requestComplaints = (verifiedClaims: unknown): readonly string[] =>
  complaints(published?.request, { userinfo: { verified_claims: verifiedClaims } })
