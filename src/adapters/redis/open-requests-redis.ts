import type { OpenRequests } from '../../ports/open-requests.ts'
import type { RedisStore } from './redis-store.ts'

/** A sorted set for each subject: blind indexes of ids, scored by the end of each entry in ms since 1970. */
export function openRequestsRedis({
  redis,
  keyPrefix,
  encryption,
  clock,
}: RedisStore): OpenRequests {
  const keyOf = (subject: string) =>
    `${keyPrefix}open:${encryption.blindIndex('open.subject', subject)}`
  const entryOf = (id: string) => encryption.blindIndex('open.id', id).slice(0, 16)

  return {
    count: (subject) => redis.zcount(keyOf(subject), clock(), '+inf'),
    async add(subject, id, lifetime) {
      const key = keyOf(subject)
      const end = clock() + lifetime * 1000
      await Promise.all([
        redis.zremrangebyscore(key, '-inf', clock()),
        redis.zadd(key, end, entryOf(id)),
        redis.pexpire(key, lifetime * 1000),
      ])
    },
    async remove(subject, id) {
      await redis.zrem(keyOf(subject), entryOf(id))
    },
  }
}
