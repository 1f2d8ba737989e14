import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { samplePerson } from '../support/people.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { schemaValues } from '../support/schema-values.ts'
import { terminal, terminalApi, wantedFor } from '../support/terminal.ts'

const machine = await terminal()
let platform: TestPlatform
let api: Awaited<ReturnType<typeof terminalApi>>
let bodies: fc.Arbitrary<Record<string, unknown>>
let token: string
beforeAll(async () => {
  platform = await testPlatform({
    clients: [machine.metadata],
    env: { LIMITS_SCALE: '1000', PHONE_REGIONS: '+86,+852,+853,+886' },
  })
  api = await terminalApi(platform.issuer)
  const { components } = api.document as unknown as Document
  bodies = schemaValues(components.schemas.PhoneChange) as typeof bodies
  token = await machine.token(platform.issuer)
})
afterAll(() => platform.close())

type Document = {
  readonly components: { readonly schemas: { readonly PhoneChange: object } }
}

/** The only values whose faults a JSON Schema cannot describe: check characters and dates. */
const checkedValues = ['/holder/idNumber', '/card/account']

describe('a body that fits the schema', () => {
  test('is not refused for its form: without a right statement it is answered with 403', async () => {
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        expect(api.operation.takes(body)).toBe(true)
        const { status, body: problem } = await api.ask(token, body)
        expect([status, problem['type']]).toEqual([403, 'urn:uup:problem:invalid-statement'])
      }),
      { numRuns: 200 },
    )
  })

  test('is refused with 422 for check characters and dates only, once it is signed', async () => {
    const seen = new Set<number>()
    await fc.assert(
      fc.asyncProperty(bodies, async ({ statement: _, ...content }) => {
        const body = await machine.body(content, platform.issuer)
        const { status, body: problem } = await api.ask(token, body)
        seen.add(status)
        expect([404, 422]).toContain(status)
        const errors = (problem['errors'] ?? []) as { pointer: string }[]
        expect(errors.length > 0).toBe(status === 422)
        for (const { pointer } of errors) expect(checkedValues).toContain(pointer)
      }),
      { numRuns: 150 },
    )
    expect(seen).toContain(422)
  })

  test('includes the requests of real terminals, with each type of document', async () => {
    const people = [samplePerson(), samplePerson({ idType: 'passport', idNumber: 'E12345678' })]
    for (const person of people) {
      const body = await machine.body(wantedFor(person), platform.issuer)
      expect(api.operation.takes(body)).toBe(true)
      expect((await api.ask(token, body, randomUUID())).status).toBe(404)
    }
  })
})
