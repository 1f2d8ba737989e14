import { createHash } from 'node:crypto'
import type { RedisClient } from './connection/redis-client.ts'

/**
 * A Lua script that changes its keys atomically. It is sent by its hash, and in full only where the server does not know
 * it yet. All keys of a call must share a hash tag, so that the script works on Redis Cluster.
 */
export function redisScript(lua: string) {
  const hash = createHash('sha1').update(lua).digest('hex')
  return async (
    redis: RedisClient,
    keys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown> => {
    try {
      return await redis.evalsha(hash, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(lua, keys.length, ...keys, ...args)
    }
  }
}
