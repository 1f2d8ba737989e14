import { randomBytes } from 'node:crypto'
import { Cluster } from 'ioredis'
import mongoose, { type Connection } from 'mongoose'
import type { RedisClient } from '../../src/adapters/redis/connection/redis-client.ts'
import { recordScans, refuseScans } from './collection-scans.ts'
import { testRedis } from './test-redis.ts'

export type TestStores = {
  /** A connection to a database that only this caller uses. */
  readonly mongodb: Connection
  readonly mongodbUri: string
  readonly redis: RedisClient
  readonly redisUrl: string
  /** The prefix of every key that this test writes. It is unique, and is not set on `redis`. */
  readonly keyPrefix: string
  /** Deletes the stored data and disconnects. Throws if a query had no index. */
  close(): Promise<void>
}

/**
 * Lets the keys of this caller that match a pattern expire at once, as Redis would do later. Returns the longest time in
 * seconds that one of them had left.
 */
export async function expireNow(
  { redis, keyPrefix }: Pick<TestStores, 'redis' | 'keyPrefix'>,
  pattern: string,
): Promise<number> {
  const keys = await redis.keys(`${keyPrefix}${pattern}`)
  if (!keys.length) throw new Error(`no key is like ${pattern}`)
  const left = await Promise.all(keys.map((key) => redis.ttl(key)))
  await Promise.all(keys.map((key) => redis.pexpire(key, 1)))
  while (await redis.exists(...keys));
  return Math.max(...left)
}

/** Connects to the run's MongoDB and Redis (global-setup.mjs), with a separate database and key prefix for each caller. */
export async function testStores(): Promise<TestStores> {
  const name = `test_${randomBytes(8).toString('hex')}`
  const mongodbUri = withDatabase(address('TEST_MONGODB_URI'), name)
  const redisUrl = address('TEST_REDIS_URL')
  const keyPrefix = `${name}:`
  const mongodb = await mongoose.createConnection(mongodbUri).asPromise()
  await recordScans(mongodb)
  const redis = await testRedis(redisUrl)
  return {
    mongodb,
    mongodbUri,
    redis,
    redisUrl,
    keyPrefix,
    async close() {
      const scans = await refuseScans(mongodb).catch((error: Error) => error)
      await mongodb.dropDatabase()
      await mongodb.close()
      const servers = redis instanceof Cluster ? redis.nodes('master') : [redis]
      for (const server of servers)
        for await (const keys of server.scanStream({ match: `*${keyPrefix}*`, count: 1000 }))
          await Promise.all((keys as string[]).map((key) => redis.unlink(key)))
      await redis.quit()
      if (scans) throw scans
    },
  }
}

/** The address with another database. Several hosts make it no URL. */
const withDatabase = (uri: string, name: string): string =>
  uri.replace(/^(mongodb:\/\/[^/?]+)\/?[^?]*/, `$1/${name}`)

function address(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: jest's globalSetup sets it`)
  return value
}
