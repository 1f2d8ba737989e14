import type { OpenRequests } from '../../ports/open-requests.ts'
import { redisScript } from './redis-script.ts'
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
      await add(redis, [keyOf(subject)], [clock(), lifetime * 1000, entryOf(id)])
    },
    async addWithin(most, subject, id, lifetime) {
      const args = [clock(), lifetime * 1000, entryOf(id), most]
      return Number(await add(redis, [keyOf(subject)], args)) === 1
    },
    async remove(subject, id) {
      await redis.zrem(keyOf(subject), entryOf(id))
    },
  }
}

/** Removes ended entries and adds this one. Returns 1, or 0 if there are as many others as the bound allows. */
const add = redisScript(`
  local now, lifetime, entry, most = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
  if most and redis.call('ZCARD', KEYS[1]) >= most and not redis.call('ZSCORE', KEYS[1], entry) then return 0 end
  redis.call('ZADD', KEYS[1], now + lifetime, entry)
  if redis.call('PTTL', KEYS[1]) < lifetime then redis.call('PEXPIRE', KEYS[1], lifetime) end
  return 1
`)
