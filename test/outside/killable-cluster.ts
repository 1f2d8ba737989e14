import { openSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import mongoose from 'mongoose'
import { readEnvironment } from '../../config/environment/read-environment.ts'
import { children } from '../../sandbox/children.mjs'
import { until } from '../../sandbox/ports.mjs'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'
import { simulators } from '../../sandbox/simulators/simulators.ts'
import { startStores } from '../../sandbox/stores.mjs'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { compiledProgram } from '../support/compiled-program.ts'
import { localListener } from '../support/local-listener.ts'
import { ownPort } from '../support/own-port.ts'
import { externalServicesAt, fixedAnswer } from '../support/platform.ts'
import { checkout } from '../support/sandbox.ts'
import { newKeys } from '../support/started-platform.ts'
import { encryptionOf, testCrypto } from '../support/test-encryption.ts'

export const victims = ['platform', 'MongoDB primary', 'Redis master'] as const
export type Victim = (typeof victims)[number]

export type KillableCluster = Awaited<ReturnType<typeof killableCluster>>

const source = join(checkout, 'src/main.ts')

/**
 * The shape of `npm run cluster`: three members of MongoDB, six nodes of Redis, and two processes of the platform behind a
 * balancer. A supervisor starts each again a second after it was killed.
 */
export async function killableCluster(clients: readonly object[]) {
  const dataDir = await mkdtemp(join(tmpdir(), 'uup-killed-cluster-'))
  const family = children()
  family.removeAtEnd(dataDir)
  const kept = { ...family, start: family.keep } as unknown as typeof family
  const stores = await startStores({ dataDir, isCluster: true, family: kept, log: () => {} })
  const services = await localListener(simulators().callback())
  const clientsFile = join(dataDir, 'clients.json')
  await writeFile(clientsFile, JSON.stringify(clients))
  const folder = join(dataDir, 'program')
  await mkdir(folder)
  const program = await compiledProgram(source, folder)

  const [port = 0, ...backends] = [await ownPort(), await ownPort(), await ownPort()]
  const { PATH = '', HOME = '' } = process.env
  const logFile = join(dataDir, 'platform.log')
  const env = {
    ISSUER: `http://localhost:${port}`,
    MONGODB_URI: stores.mongodbUri,
    REDIS_URL: stores.redisUrl,
    CRYPTO: testCrypto,
    ...newKeys(),
    DIGEST_KEY: '',
    SIMULATOR_URL: services.url,
    SANDBOX_CLIENTS_FILE: clientsFile,
    CAPTCHA_FIXED_ANSWER: fixedAnswer,
    LIMITS_SCALE: '60000',
    TRUST_PROXY: '1',
    BACKCHANNEL_LOOPBACK: '1',
    ...sampleLegalTexts,
  }
  for (const own of backends)
    family.keep('The platform', process.execPath, [program], {
      env: { PATH, HOME, ...env, PORT: String(own) },
      stdio: ['ignore', openSync(logFile, 'a'), openSync(logFile, 'a')],
    })
  family.start('The balancer', process.execPath, [join(checkout, 'sandbox/balancer/main.mjs')], {
    env: { PATH, PORT: String(port), BACKENDS: backends.join() },
  })
  const isReady = async (at: number) => (await fetch(`http://127.0.0.1:${at}/health/ready`)).ok
  for (const each of backends)
    await until(() => isReady(each), { seconds: 120, what: 'the platform' })

  const mongodb = await mongoose.createConnection(stores.mongodbUri).asPromise()
  const { inMongo } = await encryptionOf(mongodb, readEnvironment({ ...env, PORT: String(port) }))
  const accounts = await accountsMongo({
    ...{ connection: mongodb, encryption: inMongo, clock: Date.now },
    insertTasks: async () => {},
    useCounterProof: async () => true,
  })
  const redisPorts = [...stores.redisUrl.matchAll(/:(\d+)/g)].map(([, each]) => Number(each))

  const pidOf: Readonly<Record<Victim, () => Promise<number>>> = {
    platform: async () => {
      const own = backends[Math.floor(Math.random() * backends.length)]
      return processWith('environ', `\0PORT=${own}\0`, program)
    },
    'MongoDB primary': async () => {
      const hello = await mongodb.getClient().db('admin').command({ hello: 1 })
      return processWith('cmdline', `\0${String(hello['primary']).split(':')[1]}\0`, '--dbpath')
    },
    'Redis master': async () => {
      const masters = await Promise.all(redisPorts.map(masterWithReplica))
      const pids = masters.filter((pid) => pid > 0)
      return pids[Math.floor(Math.random() * pids.length)] ?? 0
    },
  }

  return {
    issuer: env.ISSUER,
    ...externalServicesAt(services.url),
    mongodb,
    accounts,
    /** Kills it (SIGKILL), once it can be replaced. */
    async kill(victim: Victim): Promise<void> {
      const pid = await until(pidOf[victim], { seconds: 90, what: victim })
      process.kill(pid, 'SIGKILL')
    },
    /** Resolves when no transaction of a killed process locks the account, or there is none. */
    async untilWritable(username: string): Promise<void> {
      const account = await until(async () => [await accounts.findByUsername(username)], {
        ...{ seconds: 120, what: 'MongoDB' },
      })
      const [found] = account
      const records = mongodb.collection<{ _id: string }>('accounts')
      if (found)
        await until(
          () => records.updateOne({ _id: found.id }, { $currentDate: { updatedAt: true } }),
          {
            ...{ seconds: 120, what: username },
          },
        )
    },
    log: () => readFileSync(logFile, 'utf8'),
    async close() {
      await mongodb.close()
      await family.stop()
      services.close()
    },
  }
}

/** The PID of the process whose environment or command line contains both texts, 0 if there is none. */
function processWith(file: 'environ' | 'cmdline', text: string, program: string): number {
  const read = (pid: string, name: string) => {
    try {
      return `\0${readFileSync(`/proc/${pid}/${name}`, 'utf8')}`
    } catch {
      return ''
    }
  }
  const found = readdirSync('/proc').find(
    (pid) =>
      /^\d+$/.test(pid) && read(pid, file).includes(text) && read(pid, 'cmdline').includes(program),
  )
  return Number(found ?? 0)
}

/** The PID of a Redis node if it is a master with a replica that could take over. */
async function masterWithReplica(port: number): Promise<number> {
  const redis = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null })
  redis.on('error', () => {})
  try {
    await redis.connect()
    const replication = await redis.info('replication')
    if (!/role:master[\s\S]*slave0:.*state=online/.test(replication)) return 0
    return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
  } catch {
    return 0
  } finally {
    redis.disconnect()
  }
}
