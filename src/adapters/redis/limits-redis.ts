import type { Allowance, Limits } from '../../ports/limits.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/**
 * Each name and subject has one hash: `count` and `until` (ms, the end of its window). All share one hash tag, because
 * one script call checks several subjects (decision 0062).
 */
export function limitsRedis({ redis, keyPrefix, encryption, clock }: RedisStore): Limits {
  const keyOf = ({ name, subject }: Allowance) =>
    `${keyPrefix}{limits}:${name}:${encryption.blindIndex(`limits.${name}`, subject)}`

  const present = async (allowance: Allowance) => {
    const [count, until] = await redis.hmget(keyOf(allowance), 'count', 'until')
    const ms = Number(until) - clock()
    return ms > 0 ? { count: Number(count), ms } : { count: 0, ms: 0 }
  }

  return {
    async take(allowances) {
      const keys = allowances.map(keyOf)
      const args = allowances.flatMap(({ count, window }) => [count, Math.ceil(window * 1000)])
      const [refused, ...ends] = (await take(redis, keys, [clock(), ...args])) as number[]
      const exhausted = allowances[(refused ?? 0) - 1]
      if (exhausted)
        return { ok: false, name: exhausted.name, retryAfter: Math.ceil((ends[0] ?? 0) / 1000) }
      let given = false
      return {
        ok: true,
        async giveBack() {
          if (given) return
          given = true
          await giveBack(redis, keys, ends)
        },
      }
    },
    counted: async (allowance) => (await present(allowance)).count,
    left: (allowances) =>
      Promise.all(
        allowances.map(async (allowance) => {
          const { count, ms } = await present(allowance)
          const left = Math.max(0, allowance.count - count)
          return { name: allowance.name, left, retryAfter: Math.ceil(ms / 1000) }
        }),
      ),
  }
}

/**
 * Counts one in each allowance and returns {0, ends of the windows …}. If an allowance is used up, counts nothing and
 * returns {its number, remaining ms}; if several are, the one that lasts longest, so that a retry then succeeds.
 */
const take = redisScript(`
  local now, refused, longest, left, ends = tonumber(ARGV[1]), 0, 0, {}, { 0 }
  for i, key in ipairs(KEYS) do
    local count, window = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
    local counter = redis.call('HMGET', key, 'count', 'until')
    local open = counter[2] and now < tonumber(counter[2])
    ends[i + 1] = open and tonumber(counter[2]) or now + window
    left[i] = open
    if (open and tonumber(counter[1]) or 0) >= count and ends[i + 1] - now > longest then
      refused, longest = i, ends[i + 1] - now
    end
  end
  if refused > 0 then return { refused, longest } end
  for i, key in ipairs(KEYS) do
    if left[i] then
      redis.call('HINCRBY', key, 'count', 1)
    else
      redis.call('HSET', key, 'count', 1, 'until', ends[i + 1])
      redis.call('PEXPIRE', key, ARGV[2 * i + 1])
    end
  end
  return ends
`)

/**
 * Gives back only in the window in which it was taken: a later window did not count it. A counter of 0 is deleted, so
 * that the next window begins with its first event.
 */
const giveBack = redisScript(`
  for i, key in ipairs(KEYS) do
    if redis.call('HGET', key, 'until') == ARGV[i] and redis.call('HINCRBY', key, 'count', -1) == 0 then
      redis.call('DEL', key)
    end
  end
`)
