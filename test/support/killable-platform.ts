import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mongoose from 'mongoose'
import { readEnvironment } from '../../config/environment/read-environment.ts'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { compiledProgram } from './compiled-program.ts'
import { type Fate, interceptingProxy } from './intercepting-proxy.ts'
import { localListener } from './local-listener.ts'
import { ownPort } from './own-port.ts'
import { externalServicesAt, fixedAnswer } from './platform.ts'
import { changesMongo, changesRedis, sessionOf } from './store-messages.ts'
import { testStores } from './stores.ts'
import { encryptionOf, testCrypto } from './test-encryption.ts'

/**
 * The n-th message that may change a store since the bank's answer (or since `killAt`), and how the process is killed at
 * it. A message that only reads does not count: a process killed at it leaves the same data as one killed at the change
 * before.
 */
export type KillPoint = { readonly n: number; readonly fate: Exclude<Fate, 'live'> }

export type KillablePlatform = Awaited<ReturnType<typeof killablePlatform>>

const source = fileURLToPath(new URL('killable-platform-process.ts', import.meta.url))

/** Runs the whole platform as a process behind proxies to MongoDB and Redis, which kill it (SIGKILL) at a chosen message. */
export async function killablePlatform({ clients = [] }: { clients?: readonly object[] } = {}) {
  const stores = await testStores()
  const [dataKey, digestKey] = [randomBytes(32), randomBytes(32)]
  const folder = await mkdtemp(join(tmpdir(), 'uup-killed-'))
  const program = await compiledProgram(source, folder)
  const clientsFile = join(folder, 'clients.json')
  await writeFile(clientsFile, JSON.stringify(clients))

  let child: ChildProcess | undefined
  let trap: KillPoint | undefined
  let counted: number | undefined
  let dead = false
  const sessions = new Set<string>()

  const die = () => {
    dead = true
    child?.kill('SIGKILL')
  }
  const fateOf = (isChange: boolean): Fate | 'lost' => {
    if (dead) return 'lost'
    if (!trap || counted === undefined || !isChange) return 'live'
    counted += 1
    if (counted !== trap.n) return 'live'
    // All later messages are lost as well.
    dead = true
    return trap.fate
  }
  const inMongo = (message: Buffer) => {
    const session = sessionOf(message)
    if (session) sessions.add(session)
    return fateOf(changesMongo(message))
  }
  const inRedis = (message: Buffer) => fateOf(changesRedis(message))
  const isDead = () => dead
  const portOf = (address: string) => Number(new URL(address).port)
  const mongodb = await interceptingProxy(portOf(stores.mongodbUri), inMongo, die, isDead)
  const redis = await interceptingProxy(portOf(stores.redisUrl), inRedis, die, isDead)
  const services = await localListener((request, response) => {
    if (request.url === '/bank/verifications')
      response.once('finish', () => {
        if (trap) counted ??= 0
      })
    return ordinary(request, response)
  })
  const ordinary = simulators().callback()

  const [port, adminPort] = [await ownPort(), await ownPort()]
  const adminUrl = `http://localhost:${adminPort}`
  const issuer = `http://localhost:${port}`
  const mongodbUri = new URL(stores.mongodbUri)
  mongodbUri.port = String(mongodb.port)
  mongodbUri.search = 'directConnection=true'
  const env = {
    ISSUER: issuer,
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    ADMIN_ORIGIN: adminUrl,
    LOG_LEVEL: 'silent',
    MONGODB_URI: mongodbUri.href,
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    REDIS_PREFIX: stores.keyPrefix,
    DATA_KEYS: `1:${dataKey.toString('base64')}`,
    DIGEST_KEY: digestKey.toString('base64'),
    COOKIE_KEYS: randomBytes(32).toString('hex'),
    CRYPTO: testCrypto,
    SIMULATOR_URL: services.url,
    SANDBOX_CLIENTS_FILE: clientsFile,
    CAPTCHA_FIXED_ANSWER: fixedAnswer,
    LIMITS_SCALE: '1000',
    BACKCHANNEL_LOOPBACK: '1',
    ...sampleLegalTexts,
  }

  async function start() {
    ;[trap, counted, dead] = [undefined, undefined, false]
    const { PATH = '', HOME = '' } = process.env
    const started = spawn(process.execPath, [program], {
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = started
    let errors = ''
    started.stderr.on('data', (text) => {
      errors += text
    })
    const early = once(started, 'exit').then(() => {
      throw new Error(`the platform ended early: ${errors}`)
    })
    await Promise.race([once(started.stdout, 'data'), early])
    early.catch(() => {})
  }

  async function ended() {
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit')
    // MongoDB would end the killed process's transactions only after some seconds (decision 0254).
    const ids = [...sessions].map((hex) => ({
      id: new mongoose.mongo.UUID(Buffer.from(hex, 'hex')),
    }))
    if (ids.length) await stores.mongodb.db?.admin().command({ killSessions: ids })
    sessions.clear()
  }

  await start()
  const keys = await encryptionOf(stores.mongodb, readEnvironment(env))
  return {
    ...{ issuer, adminUrl, stores },
    encryption: keys,
    ...externalServicesAt(services.url),
    /** The account store, read by the test itself. */
    accounts: await accountsMongo({
      connection: stores.mongodb,
      encryption: keys.inMongo,
      clock: Date.now,
      insertTasks: async () => undefined,
      useCounterProof: async () => true,
    }),
    /** The pepper of its password hashes. */
    pepper: keys.pepper,
    /** Counts messages from the bank's next answer on, or from `now` on, for flows that do not call the bank. */
    killAt(moment: KillPoint, from: 'bank' | 'now' = 'bank') {
      trap = moment
      counted = from === 'now' ? 0 : undefined
    },
    /** Resolves to whether the process was killed, once it is dead. */
    async wasKilled(): Promise<boolean> {
      trap = undefined
      if (!dead) return false
      await ended()
      return true
    },
    start,
    async close() {
      child?.kill('SIGKILL')
      await ended()
      for (const each of [mongodb, redis, services]) each.close()
      await rm(folder, { recursive: true })
      await stores.close()
    },
  }
}
