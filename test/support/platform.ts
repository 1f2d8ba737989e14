import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { readEnvironment } from '../../config/env.ts'
import { type Policy, policy as policyOf } from '../../config/policy.ts'
import { clientOf } from '../../sandbox/clients.mjs'
import { exam as examSystem } from '../../sandbox/exam/exam.ts'
import { until } from '../../sandbox/ports.mjs'
import type { RelyingPartyConfig } from '../../sandbox/relying-party/relying-party-config.ts'
import { relyingPartyService } from '../../sandbox/relying-party/relying-party-service.ts'
import { sampleBrand, sampleLegalTexts } from '../../sandbox/settings.mjs'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { social as socialSystem } from '../../sandbox/social/social.ts'
import { sealing } from '../../src/adapters/crypto/encryption.ts'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { heldOfAccounts } from '../../src/adapters/redis/account-cache.ts'
import { accountsHeld } from '../../src/adapters/redis/cached-accounts.ts'
import { type Platform, platform } from '../../src/app.ts'
import type { Clock } from '../../src/ports/clock.ts'
import { httpServer } from '../../src/web/http/server.ts'
import { ownPort } from './own-port.ts'
import { bankRecord, type SamplePerson } from './people.ts'
import { testKeys } from './signing-keys.ts'
import { testStores } from './stores.ts'

export type TestPlatform = Awaited<ReturnType<typeof testPlatform>>

type Options = {
  /** Settings of the environment beside the usual ones of a test. */
  readonly env?: Readonly<Record<string, string>>
  readonly policy?: (usual: Policy) => Policy
  readonly clock?: Clock
  readonly clients?: readonly object[]
  /** That many platforms on the same stores answer by turns, as processes behind a balancer do. */
  readonly processes?: number
  /** Stands before the simulators. */
  readonly interceptSimulators?: (ordinary: RequestListener) => RequestListener
}

/** Cheap hashing: how dear it really is shows `bench/`. */
const cheap = (policy: Policy): Policy => ({
  ...policy,
  argon2: { ...policy.argon2, memoryCost: 64, timeCost: 1 } as unknown as Policy['argon2'],
})

export const fixedAnswer = 'AHK7'

/** The whole platform over HTTP on real stores, with the simulators and the business systems beside it. */
export async function testPlatform({
  env = {},
  policy,
  clock,
  clients = [],
  processes = 1,
  interceptSimulators = (ordinary) => ordinary,
}: Options = {}) {
  const stores = await testStores()
  const simulatorServer = await listening(() => interceptSimulators(simulators().callback()))
  const exam = await relyingParty(examSystem)
  const social = await relyingParty(socialSystem)
  const server = await reserved()
  const issuer = server.url
  const folder = await mkdtemp(join(tmpdir(), 'uup-clients-'))
  const clientsFile = join(folder, 'clients.json')
  await writeFile(clientsFile, JSON.stringify([exam.client, social.client, ...clients]))

  const lines: string[] = []
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) })
  const settings = readEnvironment({
    ISSUER: issuer,
    MONGODB_URI: stores.mongodbUri,
    REDIS_URL: stores.redisUrl,
    REDIS_PREFIX: stores.keyPrefix,
    DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
    DIGEST_KEY: randomBytes(32).toString('base64'),
    COOKIE_KEYS: randomBytes(32).toString('hex'),
    SIMULATOR_URL: simulatorServer.url,
    SANDBOX_CLIENTS_FILE: clientsFile,
    CAPTCHA_FIXED_ANSWER: fixedAnswer,
    BACKCHANNEL_LOOPBACK: '1',
    ...sampleLegalTexts,
    ...sampleBrand,
    ...env,
  })
  const usual = cheap(policyOf(settings.LIMITS_SCALE))
  // One for all processes and restarts: each of them with the first keys anew would make one key twice.
  const newKey = testKeys()
  const surroundings = () => ({
    env: settings,
    mongodb: stores.mongodb,
    redis: stores.redis,
    log,
    policy: policy ? policy(usual) : usual,
    newKey,
    ...(clock && { clock }),
  })
  let running: Platform[] = []
  const stop = () => Promise.all(running.map((each) => each.close()))
  async function start() {
    await stop()
    running = await Promise.all(Array.from({ length: processes }, () => platform(surroundings())))
    const [first, ...others] = running.map(({ app }) => app.callback())
    if (first) server.answer(byTurns([first, ...others]))
  }
  await start()
  exam.serve(issuer, social)
  social.serve(issuer, exam)
  const sealed = sealing(settings.DATA_KEYS, settings.DIGEST_KEY)

  return {
    issuer,
    simulatorUrl: simulatorServer.url,
    stores,
    exam,
    social,
    /** The accounts as the platform keeps them, for people who registered some time ago. */
    accounts: accountsHeld(
      await accountsMongo(stores.mongodb, sealed, clock ?? Date.now, async () => {}),
      heldOfAccounts({ ...stores, sealing: sealed }),
    ),
    /** Resolves when no answered request has left work behind. */
    settled: () => Promise.all(running.map((each) => each.settled())),
    /** Starts it anew on the same stores, as another process would. */
    restart: start,
    /** What was logged, a JSON line each. */
    lines,
    ...externalServicesAt(simulatorServer.url),
    async close() {
      await Promise.all([server.close(), stop()])
      await Promise.all([exam.close(), social.close(), simulatorServer.close()])
      await rm(folder, { recursive: true })
      await stores.close()
    },
  }
}

/** The bank and the phones of the simulators at an address. */
export function externalServicesAt(url: string) {
  const simulator = async (method: string, path: string, body?: object) => {
    const response = await fetch(`${url}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    return response.status === 204 ? undefined : response.json()
  }
  /** Any sign-in on the way may ring the phone: that is new-device.test.ts's to look at. */
  const messages = async (phone: string) =>
    (await simulator('GET', `/sms/messages?phone=${phone}`)).filter(
      ({ template }: { template: string }) => template !== 'new-device',
    )
  return {
    simulator,
    issueCard: (person: SamplePerson, kind?: string) =>
      simulator('PUT', `/bank/cards/${person.account}`, bankRecord(person, kind)),
    messages,
    /** The newest code that was sent to the phone; the first one may still be on its way. */
    async codeFor(phone: string): Promise<string> {
      const codes = async (): Promise<{ params: { code: string } }[]> =>
        (await messages(phone)).filter(({ template }: { template: string }) => template === 'code')
      await until(async () => (await codes()).length, { seconds: 60, what: 'a code' })
      return String((await codes())[0]?.params.code)
    },
  }
}

/** One of the sandbox's, registered under its usual id. */
async function relyingParty(system: RelyingPartyConfig) {
  const server = await reserved()
  const clientSecret = randomBytes(24).toString('base64url')
  const { url, rest, resume, close } = server
  return {
    system,
    url,
    clientId: system.id,
    clientSecret,
    client: clientOf(system, url, clientSecret),
    serve(issuer: string, other: { readonly system: RelyingPartyConfig; readonly url: string }) {
      const options = { issuer, baseUrl: url, clientSecret, others: [other], log: () => {} }
      server.answer(relyingPartyService(system, options).callback())
    },
    /** It is down until it resumes: nobody listens at its address, what it knows it keeps. */
    ...{ rest, resume, close },
  }
}

/** A port that listens before its application is there, so that both can know the address. */
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

/** Each request to the next of them. */
function byTurns(listeners: readonly [RequestListener, ...RequestListener[]]): RequestListener {
  let turn = 0
  return (request, response) => {
    turn += 1
    const listener = listeners[turn % listeners.length] ?? listeners[0]
    listener(request, response)
  }
}

async function listening(application: () => RequestListener) {
  const server = await reserved()
  server.answer(application())
  return server
}
