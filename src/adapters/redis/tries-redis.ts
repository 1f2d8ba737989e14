import type { Tries } from '../../ports/limits.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/**
 * Each name and subject has one hash. Up to the free failures it has `tried` and `until` (ms, the end of the window that
 * began with the first try); after them `waits` (the number of waits so far), `until` (ms, the end of the present one) and
 * `before` (the value of `until` before that one, for giving the try back).
 * A pause of `quiet` after the last wait resets the counters.
 */
export function triesRedis({ redis, keyPrefix, encryption, clock }: RedisStore): Tries {
  const keyOf = (name: string, subject: string) =>
    `${keyPrefix}tries:${name}:${encryption.blindIndex(`tries.${name}`, subject)}`

  return {
    async begin(name, subject, { failures, window, waits, quiet = window }) {
      const times = [window, quiet, ...waits].map((seconds) => Math.ceil(seconds * 1000))
      const args = [clock(), failures, ...times]
      const left = await begin(redis, [keyOf(name, subject)], args)
      return Math.ceil(Number(left) / 1000)
    },
    async wait(name, subject) {
      const [waits, until] = await redis.hmget(keyOf(name, subject), 'waits', 'until')
      return Number(waits) > 0 ? Math.ceil(Math.max(0, Number(until) - clock()) / 1000) : 0
    },
    async failed(name, subject, { window, quiet = window }) {
      const [tried, waits, until] = await redis.hmget(
        keyOf(name, subject),
        'tried',
        'waits',
        'until',
      )
      const end = Number(until) + (Number(waits) > 0 ? quiet * 1000 : 0)
      return clock() < end ? Number(tried) : 0
    },
    async giveBack(name, subject) {
      await giveBack(redis, [keyOf(name, subject)], [])
    },
    async clear(name, subject) {
      await redis.del(keyOf(name, subject))
    },
  }
}

/** Counts the try and returns 0. During a wait it counts nothing and returns the remaining ms. */
const begin = redisScript(`
  local now, failures = tonumber(ARGV[1]), tonumber(ARGV[2])
  local window, quiet = tonumber(ARGV[3]), tonumber(ARGV[4])
  local stored = redis.call('HMGET', KEYS[1], 'tried', 'waits', 'until')
  local tried, waits, ends = tonumber(stored[1] or 0), tonumber(stored[2] or 0), tonumber(stored[3] or 0)
  if waits > 0 and now < ends then return ends - now end
  if now >= ends + (waits > 0 and quiet or 0) then
    tried, waits, ends = 0, 0, now + window
  end
  tried = tried + 1
  local before = ends
  if tried >= failures then
    waits = math.min(waits + 1, #ARGV - 4)
    ends = now + tonumber(ARGV[4 + waits])
  end
  redis.call('HSET', KEYS[1], 'tried', tried, 'waits', waits, 'until', ends, 'before', before)
  redis.call('PEXPIRE', KEYS[1], ends - now + (waits > 0 and quiet or 0))
  return 0
`)

/**
 * A wait admits no try, so the present wait is the one that the try began, or one that another try would not have begun
 * without it.
 */
const giveBack = redisScript(`
  local stored = redis.call('HMGET', KEYS[1], 'tried', 'waits', 'before')
  local tried, waits = tonumber(stored[1] or 0), tonumber(stored[2] or 0)
  if tried <= 1 then return redis.call('DEL', KEYS[1]) end
  redis.call('HSET', KEYS[1], 'tried', tried - 1)
  if waits > 0 then redis.call('HSET', KEYS[1], 'waits', waits - 1, 'until', stored[3]) end
  return 1
`)
