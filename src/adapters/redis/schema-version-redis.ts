import { BadEnvironment } from '../../../config/environment/bad-environment.ts'
import type { RedisStore } from './redis-store.ts'

/** Grows when a value in Redis gets a shape that the version before cannot read. */
const present = 1

/**
 * Records the version of the values in Redis. Nothing has to be migrated: values live for hours, and each reader accepts
 * those of the version before. Throws `BadEnvironment` for a newer version.
 */
export async function recordRedisSchema(
  { redis, keyPrefix }: Pick<RedisStore, 'redis' | 'keyPrefix'>,
  version = present,
): Promise<void> {
  const key = `${keyPrefix}schema`
  const stored = Number((await redis.get(key)) ?? 0)
  if (stored > version)
    throw new BadEnvironment([
      `REDIS_URL: this Redis has the schema ${stored} of a newer version, and this version knows up to ${version}: start the newer version, or empty Redis`,
    ])
  if (stored < version) await redis.set(key, version)
}
