import type { Connection } from 'mongoose'
import type { BaseLogger } from 'pino'
import type { Environment } from '../../config/environment/settings.ts'
import { mongoConnection } from '../adapters/mongo/mongo-connection.ts'
import type { RedisClient } from '../adapters/redis/connection/redis-client.ts'
import { redisConnection } from '../adapters/redis/connection/redis-connection.ts'

export type Connections = {
  readonly mongodb: Connection
  readonly redis: RedisClient
  close(): Promise<void>
}

/** Connects to both stores. Throws when one of them cannot be reached. */
export async function connectStores(
  env: Pick<Environment, 'MONGODB_URI' | 'REDIS_URL'>,
  log: BaseLogger,
): Promise<Connections> {
  const mongo = await mongoConnection(env.MONGODB_URI, log)
  const redis = await redisConnection(env.REDIS_URL, log)
  return {
    mongodb: mongo.connection,
    redis: redis.redis,
    close: async () => void (await Promise.all([mongo.close(), redis.close()])),
  }
}
