import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../sandbox/ports.mjs'
import { openDataKeys } from '../../src/adapters/mongo/data-keys/open-data-keys.ts'
import { auditSyslog } from '../../src/adapters/syslog/audit-syslog.ts'
import { keyProviders } from '../../src/compose/key-providers.ts'
import { testAudit, verified } from '../support/audit.ts'
import { certificate } from '../support/certificates.ts'
import { processOf } from '../support/operator-command.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { syslogServer } from '../support/syslog-server.ts'
import { testCrypto, testEncryption } from '../support/test-encryption.ts'

const encryption = testEncryption()
const authority = certificate({ subject: [['CN', 'syslog of a test']], dns: ['localhost'] })
let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

/** An audit that forwards to a port of this machine, and what its sender logs. */
async function forwarding(port: number, ca: string = authority.cert) {
  const logged: { text: string; about: Readonly<Record<string, unknown>> }[] = []
  const write = (about: object, text: string) => void logged.push({ text, about: { ...about } })
  const outlet = auditSyslog(
    { host: 'localhost', port },
    { error: write, info: write } as never,
    ca,
  )
  const audit = await testAudit(stores, { encryption, clock: Date.now, outlets: [outlet] })
  const record = (flow: string) =>
    audit.record({ what: 'signed-in', address: '203.0.113.7', accountId: 'a', flow })
  return { audit, outlet, record, logged, texts: () => logged.map(({ text }) => text) }
}

const eventually = (what: string, isTrue: () => boolean) =>
  until(async () => isTrue(), { seconds: 100, what })

test('events and heads arrive as RFC 5424 messages in frames, and a received head verifies', async () => {
  const server = await syslogServer(authority)
  const { audit } = await forwarding(server.port)
  const flow = 'a"b\\c]d 用户'
  await audit.record({
    ...{ what: 'signed-in', address: '203.0.113.7', accountId: 'a', clientId: 'c', flow },
    reason: '张三来电',
  })
  await audit.close()
  await eventually('both messages', () => server.received.length === 2)
  const [event, head] = server.received
  const stored = await stores.mongodb.collection('audit').findOne()
  expect(event).toMatchObject({
    ...{ priority: 110, kind: 'signed-in', process: String(stored?._id).split('.')[1] },
    values: {
      flow,
      account: 'a',
      client: 'c',
      address: '203.0.113.7',
      hash: stored?.['chain'].hash,
    },
  })
  expect(event?.values['id']).toBe(stored?._id)
  expect(JSON.stringify(server.received)).not.toContain('张三')
  expect(head).toMatchObject({
    priority: 109,
    kind: 'audit-head',
    values: { number: '1', count: '1' },
  })
  expect((await verified(audit, [head?.text ?? ''])).faults).toEqual([])
  expect(server.problems).toEqual([])
  await server.close()
})

test('a closed outlet leaves no timer behind for which a command would wait', async () => {
  const server = await syslogServer(authority)
  const { audit, record } = await forwarding(server.port)
  await record('1')
  const timers = await timersOf(() => audit.close())
  await server.close()
  expect(timers.map(({ isLeft }) => isLeft)).toContain(false)
  expect(timers.filter(({ isLeft }) => isLeft)).toEqual([])
})

/** The timers that are set during `work`; `isLeft`: it keeps the process alive and was not cleared. */
async function timersOf(work: () => Promise<unknown>) {
  const { setTimeout, clearTimeout } = globalThis
  const set: NodeJS.Timeout[] = []
  const cleared = new Set<unknown>()
  const watched = (work: () => void, ms?: number) => {
    const timer = setTimeout(work, ms)
    set.push(timer)
    return timer
  }
  Object.assign(globalThis, {
    setTimeout: watched,
    clearTimeout: (timer: NodeJS.Timeout) => {
      cleared.add(timer)
      clearTimeout(timer)
    },
  })
  await work().finally(() => Object.assign(globalThis, { setTimeout, clearTimeout }))
  return set.map((timer) => ({ isLeft: timer.hasRef() && !cleared.has(timer) }))
}

test('a server that is down, and breaks off later, delays no event and gets all of them', async () => {
  const first = await syslogServer(authority)
  const { port } = first
  await first.close()
  const { audit, record, texts } = await forwarding(port)
  for (const flow of ['1', '2', '3']) await record(flow)
  await eventually('the loss is logged', () => texts().includes('syslog is lost'))
  const second = await syslogServer(authority, port)
  await eventually('what waited', () => second.received.length === 3)
  await second.close()
  for (const flow of ['4', '5', '6']) await record(flow)
  const third = await syslogServer(authority, port)
  const flows = () => new Set(third.received.map(({ values }) => values['flow']))
  await eventually('the rest', () => ['4', '5', '6'].every((flow) => flows().has(flow)))
  expect(texts()).toContain('syslog is back')
  await audit.close()
  expect([...second.problems, ...third.problems]).toEqual([])
  await third.close()
})

test('a server that reads nothing delays no event, and what is dropped is logged and counted', async () => {
  const server = await syslogServer(authority, 0, false)
  const { audit, outlet, record, texts, logged } = await forwarding(server.port)
  await record('1')
  const at = Date.now()
  const event = { what: 'signed-in', address: '203.0.113.7', id: 'x', hash: 'x', at } as const
  const many = Array.from({ length: 1000 }, () => ({ ...event, detail: 'x'.repeat(2000) }))
  for (let round = 0; round < 60; round += 1) outlet.events(many)
  await record('2')
  expect(texts()).toContain('the buffer for syslog is full, the oldest messages are dropped')
  await audit.close()
  const { about } = logged.find(({ text }) => text.includes('not sent')) ?? {}
  expect(about?.['left']).toBeGreaterThan(20_000)
  await server.close()
})

test('a server with a certificate of somebody else gets nothing', async () => {
  const stranger = certificate({ subject: [['CN', 'stranger']], dns: ['localhost'] })
  const server = await syslogServer(stranger)
  const { audit, record, texts } = await forwarding(server.port)
  await record('1')
  await eventually('the loss is logged', () => texts().includes('syslog is lost'))
  await audit.close()
  expect(server.received).toEqual([])
  await server.close()
})

test('an operator command sends its event with the certificates of NODE_EXTRA_CA_CERTS', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'uup-syslog-'))
  const ca = join(folder, 'ca.pem')
  await writeFile(ca, authority.cert)
  const server = await syslogServer(authority)
  const key = randomBytes(32)
  const keys = { CRYPTO: testCrypto, KEY_PROVIDER: 'env', DIGEST_KEY: undefined } as const
  const settings = { ...keys, DATA_KEYS: [{ version: '1', key }] }
  // The platform creates the data keys when it starts.
  await openDataKeys(stores.mongodb, keyProviders(settings), settings)
  const run = processOf('src/cli/audit', () => ({
    MONGODB_URI: stores.mongodbUri,
    CRYPTO: testCrypto,
    DATA_KEYS: `1:${key.toString('base64')}`,
    NODE_EXTRA_CA_CERTS: ca,
    AUDIT_SYSLOG: `syslog+tls://localhost:${server.port}`,
  }))
  expect(await run(['search'])).toMatchObject({ status: 0, errors: '' })
  await eventually('event and head', () => server.received.length === 2)
  expect(server.received.map(({ kind }) => kind)).toEqual(['audit-searched', 'audit-head'])
  await rm(folder, { recursive: true })
  await server.close()
})
