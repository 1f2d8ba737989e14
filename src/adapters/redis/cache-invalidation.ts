import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import { redisScript } from './redis-script.ts'

/** A copy or a state ends after that, in ms, in case Redis forgets an invalidation that it confirmed. */
export const longestCached = 10_000

/** Longer than any change takes, in ms: a process that has not ended its change by then has died. */
const longestChange = 60_000

/**
 * The one protocol by which caches end (decisions 0085, 0145). The state of what is cached is a random word in Redis. A
 * reader takes the state before it reads the store, and its copy counts only while that is still the state. A change
 * deletes state and copies before it begins and registers itself; while a change is registered there is no state, so
 * nobody caches. A change that failed or died stays registered for a minute. All keys lie in one slot.
 */
export type CacheInvalidation = {
  /** A copy of a field, or the present state, which is '' while something changes. */
  find(field: string): Promise<{ readonly copy: string } | { readonly state: string }>
  /** Stores a copy unless the state has ended since it was taken. */
  keep(state: string, field: string, copy: string): Promise<void>
  /** The present state alone, for copies that a process keeps itself; '' while something changes. */
  state(): Promise<string>
  changing<T>(change: () => Promise<T>): Promise<T>
}

/** @param name what is cached together, with its hash tag, e.g. `{clients}` */
export function cacheInvalidation(
  { redis, keyPrefix }: { readonly redis: Redis; readonly keyPrefix: string },
  name: string,
): CacheInvalidation {
  const keys = ['copies', 'state', 'changes'].map((kind) => `${keyPrefix}${name}:${kind}`)
  const [, stateKey = ''] = keys

  async function find(field: string) {
    const found = await findCopy(redis, keys, [field, randomUUID(), longestCached])
    const [copy = '', state = ''] = found as readonly string[]
    return copy ? { copy } : { state }
  }

  return {
    find,
    async keep(state, field, copy) {
      await keepCopy(redis, keys, [state, field, copy, longestCached])
    },
    async state() {
      const state = await redis.get(stateKey)
      if (state) return state
      const found = await find('')
      return 'state' in found ? found.state : ''
    },
    async changing(change) {
      const id = randomUUID()
      await beginChange(redis, keys, [id, longestChange])
      const result = await change()
      await endChange(redis, keys, [id])
      return result
    },
  }
}

/** {the copy, ''}, or {'', the state}. */
const findCopy = redisScript(`
local copy = redis.call('HGET', KEYS[1], ARGV[1])
if copy then return { copy, '' } end
if redis.call('EXISTS', KEYS[3]) == 1 then return { '', '' } end
redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3])
return { '', redis.call('GET', KEYS[2]) }`)

const keepCopy = redisScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end`)

const beginChange = redisScript(`
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[2])`)

/** State and copies go once more: after a change of over a minute, others may have cached what it replaced. */
const endChange = redisScript(`
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SREM', KEYS[3], ARGV[1])`)
