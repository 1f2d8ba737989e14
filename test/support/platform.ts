import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mongoose, { type Connection } from 'mongoose'
import { pino } from 'pino'
import { readEnvironment } from '../../config/environment/read-environment.ts'
import { type Policy, policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { clientOf } from '../../sandbox/clients.mjs'
import { exam as examSystem } from '../../sandbox/exam/exam.ts'
import { until } from '../../sandbox/ports.mjs'
import type { RelyingPartyConfig } from '../../sandbox/relying-party/relying-party-config.ts'
import { relyingPartyService } from '../../sandbox/relying-party/relying-party-service.ts'
import { sampleBrand, sampleLegalTexts } from '../../sandbox/settings.mjs'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { social as socialSystem } from '../../sandbox/social/social.ts'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { mongoConnection } from '../../src/adapters/mongo/mongo-connection.ts'
import { accountCache } from '../../src/adapters/redis/account-cache.ts'
import { cachedAccounts } from '../../src/adapters/redis/cached-accounts.ts'
import { redisConnection } from '../../src/adapters/redis/connection/redis-connection.ts'
import { type Platform, platform } from '../../src/app.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { httpServer } from '../../src/web/http/http-server.ts'
import { platformName } from './collection-scans.ts'
import { recordFetches } from './fetch-recorder.ts'
import { searchStores } from './leak-search.ts'
import { ownPort } from './own-port.ts'
import { bankRecord, type SamplePerson } from './people.ts'
import { testKeys } from './signing-keys.ts'
import { testStores } from './stores.ts'
import { encryptionOf, testCrypto } from './test-encryption.ts'

export type TestPlatform = Awaited<ReturnType<typeof testPlatform>>

type Options = {
  /** Settings that are added to a test's usual environment. */
  readonly env?: Readonly<Record<string, string>>
  readonly policy?: (usual: Policy) => Policy
  readonly clock?: Clock
  readonly clients?: readonly object[]
  /** The number of platforms on the same stores. They answer in turn, like processes behind a load balancer. */
  readonly processes?: number
  /** Wraps the request listener of the simulators. */
  readonly interceptSimulators?: (ordinary: RequestListener) => RequestListener
  /** Fills the empty database before the first start. */
  readonly prepare?: (mongodb: Connection) => Promise<void>
  /** Addresses of stores of the test's own. The platform connects to them as `main.ts` does. */
  readonly ownStores?: { readonly mongodbUri?: string; readonly redisUrl?: string }
}

/** Makes hashing cheap; `bench/` measures its real cost. */
const cheap = (policy: Policy): Policy => ({
  ...policy,
  argon2: { ...policy.argon2, memoryCost: 64, timeCost: 1 } as unknown as Policy['argon2'],
})

/** Nothing fails on purpose in these tests, and on a busy machine a request may take longer than people should wait. */
const patient = ({
  request,
  externalServices,
  numberAge,
  admission,
  ...policy
}: Policy): Policy => {
  const longer = {
    request: { ...request, deadline: 60 },
    externalServices: { ...externalServices, timeout: 60 },
    numberAge: { ...numberAge, timeout: 60 },
    admission: admissionWith(admission, { inFlight: 1000, delay: 60_000 }),
  }
  return { ...policy, ...(longer as unknown as Policy) }
}

/** The bounds of admission, with the same numbers for each class of requests. */
export const admissionWith = (usual: Policy['admission'], each: object): Policy['admission'] =>
  Object.fromEntries(
    Object.entries(usual).map(([name, bound]) =>
      name === 'retryAfter' ? [name, bound] : [name, { ...bound, ...each }],
    ),
  ) as unknown as Policy['admission']

export const fixedAnswer = 'AHK7'

/** Starts the whole platform over HTTP on real stores, with the simulators and the sandbox's relying parties. */
export async function testPlatform({
  env = {},
  policy,
  clock,
  clients = [],
  processes = 1,
  interceptSimulators,
  prepare,
  ownStores = {},
}: Options = {}) {
  const stores = await testStores()
  const simulatorServer = await listening(() => {
    const ordinary = simulators().callback()
    return interceptSimulators?.(ordinary) ?? ordinary
  })
  const exam = await relyingParty(examSystem)
  const social = await relyingParty(socialSystem)
  const server = await reserved()
  const adminServer = await reserved()
  const issuer = server.url
  const folder = await mkdtemp(join(tmpdir(), 'uup-clients-'))
  const clientsFile = join(folder, 'clients.json')
  await writeFile(clientsFile, JSON.stringify([exam.client, social.client, ...clients]))

  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const settings = readEnvironment({
    ISSUER: issuer,
    ADMIN_PORT: new URL(adminServer.url).port,
    ADMIN_ORIGIN: adminServer.url,
    MONGODB_URI: stores.mongodbUri,
    REDIS_URL: stores.redisUrl,
    REDIS_PREFIX: stores.keyPrefix,
    DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
    DIGEST_KEY: randomBytes(32).toString('base64'),
    COOKIE_KEYS: randomBytes(32).toString('hex'),
    CRYPTO: testCrypto,
    SIMULATOR_URL: simulatorServer.url,
    SANDBOX_CLIENTS_FILE: clientsFile,
    CAPTCHA_FIXED_ANSWER: fixedAnswer,
    BACKCHANNEL_LOOPBACK: '1',
    ...sampleLegalTexts,
    ...sampleBrand,
    ...env,
  })
  const withFaults = interceptSimulators || ownStores.mongodbUri || ownStores.redisUrl
  const real = cheap(policyOf(settings.LIMITS_SCALE))
  const usual = withFaults ? real : patient(real)
  const own = {
    mongodb: ownStores.mongodbUri && (await mongoConnection(ownStores.mongodbUri, log)),
    redis: ownStores.redisUrl && (await redisConnection(ownStores.redisUrl, log)),
  }
  const appName = platformName
  const mongodb = own.mongodb
    ? own.mongodb.connection
    : await mongoose
        .createConnection(stores.mongodbUri, { appName, monitorCommands: true })
        .asPromise()
  const redis = own.redis ? own.redis.redis : stores.redis
  // All processes and restarts share it. With one each, two of them would store the same key twice.
  const newKey = testKeys()
  const surroundings = () => ({
    env: settings,
    ...{ mongodb, redis, log },
    policy: policy ? policy(usual) : usual,
    newKey,
    ...(clock && { clock }),
  })
  let running: Platform[] = []
  const stop = () => Promise.all(running.map((each) => each.close()))
  async function start() {
    await stop()
    running = await Promise.all(Array.from({ length: processes }, () => platform(surroundings())))
    server.answer(byTurns(running.map(({ app }) => app.callback())))
    adminServer.answer(byTurns(running.map(({ admin }) => admin.callback())))
  }
  const recorded =
    process.env['SEARCH_STORES'] === '1' && recordFetches(issuer, exam.url, adminServer.url)
  await prepare?.(own.mongodb ? mongodb : stores.mongodb)
  await start()
  exam.serve(issuer, social)
  social.serve(issuer, exam)
  const { inMongo, inRedis, pepper } = await encryptionOf(mongodb, settings)

  return {
    issuer,
    /** The platform's own connection. */
    mongodb,
    /** The operators' side. */
    adminUrl: adminServer.url,
    /** The applications, one a process. */
    apps: () => running.map(({ app }) => app),
    /** The applications of the operators' side, one a process. */
    adminApps: () => running.map(({ admin }) => admin),
    simulatorUrl: simulatorServer.url,
    stores,
    /** The platform's encryption, by store. */
    encryption: { inMongo, inRedis },
    /** The pepper of its password hashes. */
    pepper,
    exam,
    social,
    /** The platform's account store, for accounts that a test creates without the pages. */
    accounts: cachedAccounts(
      await accountsMongo({
        connection: mongodb,
        encryption: inMongo,
        clock: clock ?? Date.now,
        insertTasks: async () => {},
        useCounterProof: async () => true,
      }),
      accountCache({ ...stores, redis, encryption: inRedis }),
    ),
    /** Resolves when the deferred work of all answered requests is done. */
    settled: () => Promise.all(running.map((each) => each.settled())),
    /** Restarts the platform on the same stores. */
    restart: start,
    /** The log, one JSON text per line. */
    lines,
    ...externalServicesAt(simulatorServer.url),
    async close() {
      await Promise.all([server.close(), adminServer.close(), stop()])
      await Promise.all([exam.close(), social.close(), simulatorServer.close()])
      await rm(folder, { recursive: true })
      if (recorded) {
        recorded.stop()
        await searchStores(stores, recorded.secrets)
      }
      await (own.mongodb || mongodb).close()
      if (own.redis) await own.redis.close()
      await stores.close()
    },
  }
}

/** Access to the bank and the phones of the simulators at an address. */
export function externalServicesAt(url: string) {
  const simulator = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return response.status === 204 ? undefined : response.json()
  }
  /** Leaves out the messages about new devices, which any sign-in can cause; new-device-notice.test.ts tests them. */
  const messages = async (phone: string) =>
    (await simulator('GET', `/sms/messages?phone=${phone}`)).filter(
      ({ template }: { template: string }) => template !== 'new-device',
    )
  return {
    simulator,
    issueCard: (person: SamplePerson, kind?: string) =>
      simulator('PUT', `/bank/cards/${person.account}`, bankRecord(person, kind)),
    messages,
    /** Returns the newest code that was sent to the phone. Waits for the first one. */
    async codeFor(phone: string): Promise<string> {
      const codes = async (): Promise<{ params: { code: string } }[]> =>
        (await messages(phone)).filter(({ template }: { template: string }) => template === 'code')
      await until(async () => (await codes()).length, { seconds: 60, what: 'a code' })
      return String((await codes())[0]?.params.code)
    },
  }
}

/** Starts a relying party of the sandbox, registered under its usual id. */
async function relyingParty(config: RelyingPartyConfig) {
  const server = await reserved()
  const clientSecret = randomBytes(24).toString('base64url')
  const { url, rest, resume, close } = server
  return {
    config,
    url,
    clientId: config.id,
    clientSecret,
    client: clientOf(config, url, clientSecret),
    serve(issuer: string, other: { readonly config: RelyingPartyConfig; readonly url: string }) {
      const options = { issuer, baseUrl: url, clientSecret, others: [other], log: () => {} }
      server.answer(relyingPartyService(config, options).callback())
    },
    /** Between `rest` and `resume` nothing listens at its address. It keeps its sessions. */
    ...{ rest, resume, close },
  }
}

/** Listens on a port before the application exists, so that the application can be given its own address. */
async function reserved() {
  let listener: RequestListener = (_, response) => response.writeHead(503).end()
  const server = httpServer((request, response) => listener(request, response))
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const port = await ownPort()
  await listen(port)
  async function close() {
    server.closeAllConnections()
    server.close()
  }
  return {
    url: `http://localhost:${port}`,
    answer(by: RequestListener) {
      listener = by
    },
    rest: close,
    resume: () => listen(port),
    close,
  }
}

/** Distributes the requests over the listeners in turn. */
function byTurns(listeners: readonly RequestListener[]): RequestListener {
  let turn = 0
  return (request, response) => {
    turn += 1
    listeners[turn % listeners.length]?.(request, response)
  }
}

async function listening(application: () => RequestListener) {
  const server = await reserved()
  server.answer(application())
  return server
}
