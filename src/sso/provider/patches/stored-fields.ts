import type { Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

/**
 * Patches: the static list `IN_PAYLOAD` of Session and Grant, which names the fields that are stored and read.
 * Why: a session and a grant keep what decides when they end (`version`, `signIn`), where they were used (`used`) and
 * what the person knew the client as (`clientName`). oidc-provider has no option for fields of our own.
 * Shown by: test/sso/sessions.test.ts.
 * On an upgrade: look at `IN_PAYLOAD` in lib/models and at its reader, lib/models/payload.js.
 */
const ownFields = {
  Session: ['used', 'version'],
  Grant: ['clientName', 'signIn'],
} as const

type Model = {
  readonly IN_PAYLOAD: readonly string[]
  new (payload: object): Readonly<Record<string, unknown>>
}

export function storeOwnFields(provider: Provider): void {
  for (const [name, fields] of Object.entries(ownFields)) {
    const model = provider[name as keyof typeof ownFields] as unknown as Model
    assertSeam(Array.isArray(model.IN_PAYLOAD), 'stored-fields', `${name}.IN_PAYLOAD is a list`)
    Object.defineProperty(model, 'IN_PAYLOAD', { value: [...model.IN_PAYLOAD, ...fields] })
    const made = new model(Object.fromEntries(fields.map((field) => [field, field])))
    const areKept = fields.every((field) => made[field] === field)
    assertSeam(areKept, 'stored-fields', `a ${name} keeps the fields that IN_PAYLOAD names`)
  }
}
