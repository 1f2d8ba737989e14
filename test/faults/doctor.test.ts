import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import mongoose, { type Connection } from 'mongoose'
import { children } from '../../sandbox/children.mjs'
import { sampleBrand, sampleLegalTexts } from '../../sandbox/settings.mjs'
import { startStores } from '../../sandbox/stores.mjs'
import { doctorCommand } from '../../src/cli/doctor/doctor-command.ts'
import { certificate, trust } from '../support/certificates.ts'
import { clientsIn } from '../support/clients-in.ts'
import { enrolled } from '../support/enrolled.ts'
import { leaksIn } from '../support/leak-search.ts'
import { localListener } from '../support/local-listener.ts'
import { commandOf } from '../support/operator-command.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { testCrypto } from '../support/test-encryption.ts'

const key = () => `1:${randomBytes(32).toString('base64')}`
const keys = {
  ...{ DATA_KEYS: key(), COOKIE_KEYS: randomBytes(32).toString('hex') },
  ...{ DIGEST_KEY: '', CRYPTO: testCrypto },
}
const family = children()
const folder = mkdtempSync(join(tmpdir(), 'uup-doctor-'))
family.removeAtEnd(folder)

let platform: TestPlatform
let mongodb: Connection
let redis: Redis
let environment: Record<string, string>
const { run } = commandOf(doctorCommand, () => environment)
const listeners = new Set<{ close(): void }>()

beforeAll(async () => {
  const ownStores = await startStores({ dataDir: folder, family, log: () => {} })
  platform = await testPlatform({ env: keys, ownStores })
  mongodb = await mongoose.createConnection(ownStores.mongodbUri).asPromise()
  redis = new Redis(ownStores.redisUrl)
  environment = {
    ...{ ...keys, ...sampleLegalTexts, ...sampleBrand, ISSUER: platform.issuer },
    ...{ MONGODB_URI: ownStores.mongodbUri, REDIS_URL: ownStores.redisUrl },
    SIMULATOR_URL: platform.simulatorUrl,
  }
})
afterAll(async () => {
  for (const listener of listeners) listener.close()
  await platform?.close()
  await mongodb?.close()
  redis?.disconnect()
  await family.stop()
})

/** Runs the doctor and returns the line of a check. */
async function lineOf(name: string, env: Readonly<Record<string, string>> = {}) {
  const { status, out } = await run([], { ...environment, ...env })
  const line = out.split('\n').find((each) => each.startsWith(`${name}: `))
  return { status, line, out }
}

test('a healthy platform has nothing to report, and a --env file replaces the environment', async () => {
  const person = await enrolled(platform)
  const { status, out, errors } = await run([])
  expect([errors, status]).toEqual(['', 0])
  const lines = out.trim().split('\n')
  expect(lines.filter((line) => !line.endsWith(': ok'))).toEqual([])
  expect(lines).toHaveLength(22)
  const { name, phone, idNumber, username } = person
  expect(leaksIn(out, { name, phone, idNumber, username })).toEqual([])

  const file = join(folder, 'settings.env')
  writeFileSync(
    file,
    `${Object.entries(environment)
      .map((each) => each.join('='))
      .join('\n')}\n`,
  )
  expect((await run(['--env', file], {})).status).toBe(0)
  expect((await run(['--env', `${file}x`], {})).status).toBe(64)
})

/** Serves http; returns the address. */
async function serve(listener: RequestListener): Promise<string> {
  const server = await localListener(listener)
  listeners.add(server)
  return server.url.replace('127.0.0.1', 'localhost')
}

/** Serves https with a certificate until tomorrow; returns the address. */
async function serveTls(isTrusted: boolean, listener: RequestListener): Promise<string> {
  const own = certificate({
    subject: [['CN', `doctor ${randomBytes(8).toString('hex')}`]],
    dns: ['localhost'],
  })
  if (isTrusted) trust(own)
  const server = createServer(own, listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  listeners.add({
    close() {
      server.closeAllConnections()
      server.close()
    },
  })
  return `https://localhost:${(server.address() as AddressInfo).port}`
}

const ok: RequestListener = (_, response) => response.end()
const toItself: RequestListener = (_, response) => response.writeHead(308, { location: '/' }).end()
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const changed = (collection: string, update: object) =>
  mongodb.collection(collection).updateOne({}, update)
const hour = 3600 * 1000
const day = 24 * hour

type Env = Readonly<Record<string, string>>
/** Plants the fault; returns the settings that go with it, and how it is healed. */
type Plant = () => Promise<{ readonly env?: Env; readonly heal?: () => Promise<unknown> }>

const withEnv =
  (env: Env): Plant =>
  async () => ({ env })
const withIssuer =
  (address: () => Promise<string>): Plant =>
  async () => ({ env: { ISSUER: await address() } })
const redisSetting =
  (name: string, value: string, usual: string): Plant =>
  async () => {
    await redis.config('SET', name, value)
    return { heal: () => redis.config('SET', name, usual) }
  }
const withClock =
  (shift: number): Plant =>
  async () => {
    const { now } = Date
    Date.now = () => now() + shift
    return {
      heal: async () => {
        Date.now = now
      },
    }
  }

/** The check whose line names each fault. */
const faults: readonly (readonly [fault: string, check: string, line: RegExp, plant: Plant])[] = [
  ['a setting is no number', 'settings', /PORT: /, withEnv({ PORT: 'three' })],
  [
    ...(['a client of the file is wrong', 'settings', /client a: redirect_uris: /] as const),
    async () => ({
      env: { CLIENTS_FILE: file('clients.yaml', '- { client_id: a, redirect_uris: [] }') },
    }),
  ],
  [
    ...(['there are no terms', 'settings', /TERMS_FILE: /] as const),
    withEnv({ TERMS_FILE: '/nowhere.md' }),
  ],
  [
    ...(['nothing answers', 'issuer', /does not answer \(.+\): start the platform/] as const),
    withEnv({ ISSUER: 'http://localhost:9' }),
  ],
  [
    ...(['the proxy keeps the path', 'issuer', /answers 404: send this path/] as const),
    withIssuer(() => serve((_, response) => response.writeHead(404).end())),
  ],
  [
    ...([
      'the issuer is wrong',
      'issuer',
      /names itself http.*: give it .* the same ISSUER/,
    ] as const),
    withIssuer(() => serve((_, response) => response.end(`{"issuer":"${platform.issuer}"}`))),
  ],
  [
    ...(['the certificate is not trusted', 'TLS', /do not trust the certificate/] as const),
    withIssuer(() => serveTls(false, ok)),
  ],
  [
    ...(['the certificate ends', 'TLS', /ends \d{4}-\d\d-\d\d: renew it/] as const),
    withIssuer(() => serveTls(true, ok)),
  ],
  [
    ...(['headers are dropped', 'HSTS', /Strict-Transport-Security is missing/] as const),
    withIssuer(() => serveTls(true, ok)),
  ],
  [
    ...(['the host is not passed on', 'proxy headers', /to itself: .* Host header/] as const),
    withIssuer(() => serve(toItself)),
  ],
  [
    ...(['nobody trusts the proxy', 'proxy headers', /TRUST_PROXY is 0/] as const),
    withIssuer(() => serveTls(true, ok)),
  ],
  [
    ...(['MongoDB does not answer', 'MongoDB', /does not answer \(localhost:9\)/] as const),
    withEnv({ MONGODB_URI: 'mongodb://localhost:9/uup' }),
  ],
  ['our clock is fast', 'MongoDB clock', /\d+ s behind ours: let NTP/, withClock(hour)],
  ['our clock is slow', 'Redis clock', /\d+ s ahead of ours: let NTP/, withClock(-hour)],
  [
    ...(['transactions live long', 'MongoDB transactions', /is 60, .*: set 6/] as const),
    async () => {
      const set = (seconds: number) =>
        mongodb
          .getClient()
          .db('admin')
          .command({ setParameter: 1, transactionLifetimeLimitSeconds: seconds })
      await set(60)
      return { heal: () => set(6) }
    },
  ],
  [
    ...(['an index is missing', 'indexes', /accounts lacks {"phoneDigest":1}: restart/] as const),
    async () => {
      const accounts = mongodb.collection('accounts')
      await accounts.dropIndex('phoneDigest_1')
      return { heal: () => accounts.createIndex({ phoneDigest: 1 }) }
    },
  ],
  [
    ...(['the schema is newer', 'schema', /9999-later of a newer version/] as const),
    async () => {
      const migrations = mongodb.collection<{ _id: string }>('schema_migrations')
      await migrations.insertOne({ _id: '9999-later' })
      return { heal: () => migrations.deleteOne({ _id: '9999-later' }) }
    },
  ],
  ['the key is another', 'data keys', /version 1 is not the key/, withEnv({ DATA_KEYS: key() })],
  [
    ...(['a data key is lost', 'data keys', /1 records of accounts need data key 9/] as const),
    async () => {
      await changed('accounts', { $set: { dataKey: 9 } })
      return { heal: () => changed('accounts', { $set: { dataKey: 1 } }) }
    },
  ],
  [
    ...(['a signing key is old', 'signing keys', /ES256 signs since .* rotate ES256/] as const),
    async () => {
      const keys = mongodb.collection<{ _id: string }>('signing_keys')
      const from = (signsFrom: Date) => keys.updateOne({ _id: 'ES256.1' }, { $set: { signsFrom } })
      await from(new Date(Date.now() - 100 * day))
      return { heal: () => from(new Date()) }
    },
  ],
  [
    ...(['a client became invalid', 'clients', /client old: .*grant_types/] as const),
    async () => {
      const clients = clientsIn({ connection: mongodb, encryption: platform.encryption.inMongo })
      const metadata = {
        ...{ client_id: 'old', client_name: 'Old', redirect_uris: ['https://old.test/callback'] },
        ...{ grant_types: ['password'], token_endpoint_auth_method: 'none' },
      }
      await clients.add(metadata as unknown as Parameters<typeof clients.add>[0], 'command')
      return { heal: () => clients.remove('old') }
    },
  ],
  [
    ...(['expiry does not work', 'audit', /oldest event is 40\d days old/] as const),
    async () => {
      const audit = mongodb.collection<{ _id: string; at: Date }>('audit')
      await audit.insertOne({ _id: 'old', at: new Date(Date.now() - 400 * day) })
      return { heal: () => audit.deleteOne({ _id: 'old' }) }
    },
  ],
  [
    ...(['no head is signed', 'audit', /no head covers the last events/] as const),
    async () => {
      await mongodb.collection('audit_heads').deleteMany({})
      return withClock(hour)()
    },
  ],
  [
    ...(['Redis does not answer', 'Redis', /does not answer \(localhost:9\)/] as const),
    withEnv({ REDIS_URL: 'redis://localhost:9' }),
  ],
  [
    ...(['Redis evicts', 'Redis eviction', /allkeys-lru, .*: set noeviction/] as const),
    redisSetting('maxmemory-policy', 'allkeys-lru', 'noeviction'),
  ],
  [
    ...(['Redis forgets', 'Redis persistence', /appendonly is off/] as const),
    redisSetting('appendonly', 'no', 'yes'),
  ],
  [
    ...(['Redis is full', 'Redis memory', /% of maxmemory are used/] as const),
    redisSetting('maxmemory', '1000000', '0'),
  ],
  [
    ...(['a service is unreachable', 'simulators', /127.0.0.1:9 does not answer/] as const),
    withEnv({ SIMULATOR_URL: 'http://127.0.0.1:9' }),
  ],
  [
    ...(['a vendor is unreachable', 'Aliyun', /check ALIYUN_ACCESS_KEY_ID/] as const),
    withEnv({
      ...{ NUMBER_AGE_PROVIDER: 'aliyun', ALIYUN_ACCESS_KEY_ID: 'id' },
      ALIYUN_ACCESS_KEY_SECRET: randomBytes(12).toString('hex'),
    }),
  ],
]

test.each(faults)('the doctor finds that %s', async (_, check, pattern, plant) => {
  const { env, heal } = await plant()
  try {
    const { status, line } = await lineOf(check, env)
    expect([line, status]).toEqual([expect.stringMatching(pattern), 1])
  } finally {
    await heal?.()
  }
})
