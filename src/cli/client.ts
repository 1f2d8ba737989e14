import { pino } from 'pino'
import type { Client } from '../../config/client-metadata/judge.ts'
import { BadEnvironment, readSettings } from '../../config/env.ts'
import { policy as policyOf } from '../../config/policy.ts'
import { auditMongo } from '../adapters/audit-mongo.ts'
import { clientsCached } from '../adapters/clients-cached.ts'
import { clientsMongo } from '../adapters/clients-mongo.ts'
import { mongoConnection } from '../adapters/mongo-connection.ts'
import { operator } from '../adapters/operator.ts'
import { redisConnection } from '../adapters/redis-connection.ts'
import { sealing as sealingWith } from '../adapters/sealing.ts'
import { signingKeysMongo } from '../adapters/signing-keys-mongo.ts'
import type { SigningKeys } from '../ports/signing-keys.ts'
import { BadUsage, readCommand, usage } from './client-arguments.ts'
import { Refused, run } from './client-commands.ts'

/** `npm run client`: what an operator does with business systems that no file owns. */

/** EX_USAGE, EX_DATAERR, EX_UNAVAILABLE and EX_CONFIG of sysexits.h. */
const status = { usage: 64, refused: 65, unavailable: 69, environment: 78 } as const

/** All of the platform's settings that it needs: the stores, and the keys that seal what lies there. */
const needed = ['MONGODB_URI', 'REDIS_URL', 'REDIS_PREFIX', 'DATA_KEYS', 'DIGEST_KEY'] as const

class StoreAway extends Error {
  override readonly name = 'StoreAway'
}

const typed = process.argv.slice(2)
try {
  if (typed.includes('--help')) console.log(usage)
  else await main()
} catch (error) {
  if (error instanceof BadUsage) end(status.usage, error.message, '', usage)
  else if (error instanceof Refused) end(status.refused, error.message)
  else if (error instanceof StoreAway) end(status.unavailable, error.message)
  else if (error instanceof BadEnvironment) end(status.environment, ...error.problems)
  else throw error
}

function end(exitCode: number, ...lines: readonly string[]): void {
  for (const line of lines) console.error(line)
  process.exitCode = exitCode
}

async function main(): Promise<void> {
  const command = readCommand(typed)
  const env = readSettings(process.env, needed)
  const log = pino({ level: 'warn' }, pino.destination(2))
  const policy = policyOf()
  const clock = Date.now
  const mongo = await reached(mongoConnection(env.MONGODB_URI, log))
  const redis = await reached(redisConnection(env.REDIS_URL, log)).catch(async (error) => {
    await mongo.close()
    throw error
  })
  try {
    const sealing = sealingWith(env.DATA_KEYS, env.DIGEST_KEY)
    const inMongo = { connection: mongo.connection, sealing, clock }
    await refuseForeignKeys(signingKeysMongo(inMongo))
    const audit = await auditMongo({ ...inMongo, policy: policy.audit })
    const inRedis = { redis: redis.redis, keyPrefix: env.REDIS_PREFIX, clock }
    const clients = clientsCached(clientsMongo(inMongo), inRedis)
    const around = { clients, clock, ...policy.clients, providerProblem }
    const { lines, event } = await run(command, around)
    // First of all the secret, which can't be had again.
    for (const line of lines) console.log(line)
    if (event) await audit.record({ ...event, address: operator(), detail: 'command' })
  } finally {
    await Promise.all([mongo.close(), redis.close()])
  }
}

async function reached<T>(connection: Promise<T>): Promise<T> {
  try {
    return await connection
  } catch (error) {
    throw new StoreAway(`${(error as Error).message}. Does the platform run?`)
  }
}

/** With other keys than the platform's, what is stored here could be read by nobody there. */
async function refuseForeignKeys(signingKeys: SigningKeys): Promise<void> {
  try {
    await signingKeys.all()
  } catch (error) {
    const reason = (error as Error).message
    throw new BadEnvironment([`DATA_KEYS: do not open what lies in MONGODB_URI (${reason})`])
  }
}

/** Loads the library for those commands only that ask it. */
async function providerProblem(metadata: Client) {
  const judge = await import('../sso/metadata-judge.ts')
  return judge.providerProblem(metadata)
}
