import { randomUUID } from 'node:crypto'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { usernameKey } from '../../people/fields/username.ts'
import type { SignInTries } from '../../ports/operators/sign-in-tries.ts'
import { redisScript } from '../redis/redis-script.ts'
import type { RedisStore } from '../redis/redis-store.ts'

/** Each name and network has a sorted set of its tries by time, and while it rests the end of the rest (ms). */
export function signInTriesRedis({
  redis,
  keyPrefix,
  encryption,
  clock,
  policy: { failures, window, rest },
}: RedisStore & { readonly policy: Policy['operators']['signIn'] }): SignInTries {
  function keysOf(username: string, network: string): readonly [tries: string, rest: string] {
    const subject = JSON.stringify([usernameKey(username), network])
    const name = `${keyPrefix}operator-tries:{${encryption.blindIndex('operators.tries', subject)}}`
    return [`${name}:tries`, `${name}:rest`]
  }

  return {
    async begin(username, network) {
      const keys = keysOf(username, network)
      const id = randomUUID()
      const args = [clock(), failures, window * 1000, Math.ceil(rest * 1000), id]
      const [left = 0, isLast = 0] = (await begin(redis, keys, args)) as number[]
      if (left > 0) return { wait: Math.ceil(left / 1000) }
      return {
        wait: 0,
        isLast: isLast === 1,
        takeBack: async () => void (await takeBack(redis, keys, [id, failures])),
      }
    },
    async wait(username, network) {
      const until = Number(await redis.get(keysOf(username, network)[1]))
      return Math.ceil(Math.max(0, until - clock()) / 1000)
    },
    async clear(username, network) {
      await redis.del(...keysOf(username, network))
    },
  }
}

/** Returns {remaining ms of the rest, 0}, or counts the try and returns {0, whether the rest begins}. */
const begin = redisScript(`
  local now, failures, window, rest = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
  local ends = tonumber(redis.call('GET', KEYS[2]) or 0)
  if now < ends then return { ends - now, 0 } end
  if ends > 0 then redis.call('DEL', KEYS[1], KEYS[2]) end
  redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - window)
  redis.call('ZADD', KEYS[1], now, ARGV[5])
  if redis.call('ZCARD', KEYS[1]) < failures then
    redis.call('PEXPIRE', KEYS[1], window)
    return { 0, 0 }
  end
  redis.call('PEXPIRE', KEYS[1], rest)
  redis.call('SET', KEYS[2], now + rest, 'PX', rest)
  return { 0, 1 }
`)

const takeBack = redisScript(`
  redis.call('ZREM', KEYS[1], ARGV[1])
  if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[2]) then redis.call('DEL', KEYS[2]) end
`)
