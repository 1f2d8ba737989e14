import { Cluster, type Redis } from 'ioredis'
import { pino } from 'pino'
import type { Environment } from '../../../config/environment/settings.ts'
import { redisConnection } from '../../adapters/redis/connection/redis-connection.ts'
import { connectTo } from '../operator-command.ts'
import { type Check, check } from './check.ts'
import { clockProblems } from './clock-problems.ts'

/** The oldest version with every command that the platform uses (docs/operations.md). */
const oldest = [6, 2] as const

/** The used part of the memory from which on writes are soon refused. */
const nearlyFull = 0.8

/** Looks at every server that takes writes. */
export async function redisChecks(env: Pick<Environment, 'REDIS_URL'>): Promise<readonly Check[]> {
  const log = pino({ level: 'silent' })
  let connection: Awaited<ReturnType<typeof redisConnection>>
  try {
    connection = await connectTo('REDIS_URL', env, (url) => redisConnection(url, log))
  } catch (error) {
    return [{ name: 'Redis', problems: [(error as Error).message] }]
  }
  const { redis, close } = connection
  const masters = redis instanceof Cluster ? redis.nodes('master') : [redis]
  const ofEach = async (problems: (redis: Redis) => Promise<readonly string[]>) => [
    ...new Set((await Promise.all(masters.map(problems))).flat()),
  ]
  try {
    return [
      { name: 'Redis', problems: [] },
      await check('Redis version', () => ofEach(versionProblems)),
      await check('Redis eviction', () => ofEach(evictionProblems)),
      await check('Redis persistence', () => ofEach(persistenceProblems)),
      await check('Redis memory', () => ofEach(memoryProblems)),
      await check('Redis clock', () => ofEach(clockOf)),
    ]
  } finally {
    await close()
  }
}

async function versionProblems(redis: Redis): Promise<readonly string[]> {
  const { redis_version: version = '0' } = await infoOf(redis, 'server')
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1])
  return isOld ? [`version ${version}: install ${oldest.join('.')} or newer`] : []
}

async function evictionProblems(redis: Redis): Promise<readonly string[]> {
  const { maxmemory_policy: policy } = await infoOf(redis, 'memory')
  return policy === 'noeviction'
    ? []
    : [`maxmemory-policy is ${policy}, which drops sessions and limits: set noeviction`]
}

async function persistenceProblems(redis: Redis): Promise<readonly string[]> {
  const { aof_enabled: log, aof_last_write_status: written } = await infoOf(redis, 'persistence')
  if (log !== '1')
    return ['appendonly is off, so that a restart signs everybody out: set appendonly yes']
  return written === 'ok'
    ? []
    : ['the last write to the append-only file failed: look at its disk and log']
}

async function memoryProblems(redis: Redis): Promise<readonly string[]> {
  const { used_memory: used, maxmemory: most } = await infoOf(redis, 'memory')
  const share = Number(most) > 0 ? Number(used) / Number(most) : 0
  return share > nearlyFull
    ? [`${Math.round(share * 100)} % of maxmemory are used: raise it before writes are refused`]
    : []
}

async function clockOf(redis: Redis): Promise<readonly string[]> {
  const asked = Date.now()
  const [seconds = 0, micros = 0] = (await redis.time()).map(Number)
  return clockProblems(seconds * 1000 + micros / 1000, asked, Date.now())
}

/** The fields of a section of INFO, which even a user without rights of administration may read. */
async function infoOf(redis: Redis, section: string): Promise<Readonly<Record<string, string>>> {
  const lines = (await redis.info(section)).split('\r\n').filter((line) => line.includes(':'))
  return Object.fromEntries(lines.map((line) => line.split(':') as [string, string]))
}
