import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { limitsRedis } from '../../src/adapters/redis/limits-redis.ts'
import { registryHttp } from '../../src/adapters/vendors/http/registry-http.ts'
import type { Visitor } from '../../src/people/visitor.ts'
import type { UnitClaim } from '../../src/ports/services/organisation-registry.ts'
import { verifyUnit } from '../../src/proofs/verify-unit.ts'
import { testAudit } from '../support/audit.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'
import { unit } from '../support/vendors/samples.ts'

const { clock, turn } = testClock()
const rules = policy()
let stores: TestStores
let registry: Server
/** Whether the circuit breaker of the registry is open. */
let isOpen = false
let prove: (claim?: Partial<UnitClaim>, who?: Partial<Visitor>) => ReturnType<typeof verifyUnit>

beforeAll(async () => {
  stores = await testStores()
  registry = createServer(simulators().callback()).listen(0, '127.0.0.1')
  await once(registry, 'listening')
  const encryption = testEncryption()
  const ports = {
    registry: { ...registryHttp({ baseUrl: address(), timeout: 5 }), isOpen: () => isOpen },
    limits: limitsRedis({ redis: stores.redis, keyPrefix: stores.keyPrefix, encryption, clock }),
    audit: await testAudit(stores, { encryption, clock }),
    policy: rules,
  }
  prove = (claim = {}, who = {}) =>
    verifyUnit({ ...unit, ...claim }, { ...visitor(), ...who }, ports)
})
afterAll(async () => {
  registry.close()
  registry.closeAllConnections()
  await stores.close()
})
beforeEach(async () => {
  await put('/faults', { registry: 'ok' })
  const { code, ...record } = unit
  await put(`/registry/organisations/${code}`, record)
  // The daily limits of the code and the addresses must pass first.
  turn(24 * 60 * 60)
})

const address = () => `http://127.0.0.1:${(registry.address() as AddressInfo).port}`
const put = async (path: string, body: object) =>
  expect(
    (await fetch(address() + path, { method: 'PUT', body: JSON.stringify(body) })).status,
  ).toBe(204)
const asked = async () =>
  ((await (await fetch(`${address()}/calls`)).json()) as { registry: number }).registry

let visitors = 0
const visitor = (): Visitor => ({
  address: `192.0.2.${visitors++ % 250}`,
  browser: 'a-browser',
  locale: 'zh-CN',
  freshCaptcha: false,
  isRemembered: () => false,
})

const differs = { field: 'form', code: 'registry.mismatch' }

test('a claim that matches the registry passes', async () => {
  expect(await prove()).toBeUndefined()
})

test.each<[string, Partial<UnitClaim>]>([
  ['another name', { name: '深圳市另一家有限公司' }],
  ['another legal representative', { legalRepresentative: '李四' }],
  ['another ID number', { legalRepresentativeIdNumber: '440524188001010014' }],
  ['an unknown code', { code: '91440300708461136T' }],
])('%s gets the same refusal, which does not disclose the wrong part', async (_label, claim) => {
  expect(await prove(claim)).toEqual(differs)
})

test('a code is limited to five checks a day from one address, without affecting other addresses', async () => {
  const stranger = { address: '203.0.113.9' }
  for (let n = 0; n < 5; n += 1) expect(await prove({ name: '甲' }, stranger)).toEqual(differs)
  const before = await asked()
  for (let n = 0; n < 20; n += 1)
    expect(await prove({}, { ...stranger, browser: `browser ${n}` })).toMatchObject({
      field: 'form',
      code: 'limit.unitCode',
      status: 429,
    })
  expect(await asked()).toBe(before)
  expect(await prove({ code: '91440300708461136T' }, stranger)).toEqual(differs)
  expect(await prove()).toBeUndefined()
  turn(24 * 60 * 60)
  expect(await prove({}, stranger)).toBeUndefined()
})

test('a code is limited to twenty checks a day in all', async () => {
  for (let n = 0; n < 20; n += 1) expect(await prove({ name: '甲' })).toEqual(differs)
  const before = await asked()
  expect(await prove()).toMatchObject({ field: 'form', code: 'limit.unitCode', status: 429 })
  expect(await asked()).toBe(before)
  turn(24 * 60 * 60)
  expect(await prove()).toBeUndefined()
})

test('concurrent checks of a code stay within twenty in all and five from one address', async () => {
  const before = await asked()
  const answers = await Promise.all(Array.from({ length: 40 }, () => prove()))
  expect(answers.filter((refusal) => refusal === undefined)).toHaveLength(20)
  expect(await asked()).toBe(before + 20)
  turn(24 * 60 * 60)
  const from = { address: '203.0.113.10' }
  const mine = await Promise.all(Array.from({ length: 20 }, () => prove({}, from)))
  expect(mine.filter((refusal) => refusal === undefined)).toHaveLength(5)
})

test('an address must solve a captcha for each check beyond twenty an hour', async () => {
  const from = { address: '198.51.100.7' }
  const code = (n: number) => `91350200776049${String(n).padStart(3, '0')}A`
  for (let n = 0; n < 20; n += 1) await prove({ code: code(n) }, from)
  expect(await prove({}, from)).toEqual({ field: 'captcha', code: 'captcha.needed' })
  expect(await prove({}, { ...from, freshCaptcha: true })).toBeUndefined()
})

test.each(['error', 'down'])('an outage (%s) is reported and counts nothing', async (fault) => {
  await put('/faults', { registry: fault })
  for (let n = 0; n < 11; n += 1)
    expect(await prove()).toEqual({
      field: 'form',
      code: 'registry.unavailable',
      status: 503,
      retryAfter: rules.externalServices.breakerRest,
      notCounted: true,
    })
  await put('/faults', { registry: 'ok' })
  expect(await prove()).toBeUndefined()
})

test('every answer is recorded without any value of the claim', async () => {
  const log = stores.mongodb.collection('audit')
  await log.deleteMany({})
  await prove()
  await prove({ name: '甲' })
  await prove({ code: '91440300708461136T' })
  await put('/faults', { registry: 'error' })
  await prove()
  // An open breaker asks nobody.
  isOpen = true
  await prove()
  isOpen = false
  const recorded = await log.find().sort({ at: 1, _id: 1 }).toArray()
  expect(recorded.map(({ what }) => what)).toEqual(Array(4).fill('registry-asked'))
  expect(recorded.map(({ detail }) => detail).sort()).toEqual(
    ['match', 'mismatch', 'no_record', 'unavailable'].sort(),
  )
  for (const word of Object.values(unit)) expect(JSON.stringify(recorded)).not.toContain(word)
})
