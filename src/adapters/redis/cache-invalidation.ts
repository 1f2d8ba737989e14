import { randomUUID } from 'node:crypto'
import type { RedisClient } from './connection/redis-client.ts'
import { redisScript } from './redis-script.ts'

/**
 * A copy or a state expires after so many ms, in case Redis loses an invalidation that it confirmed. A failover takes longer
 * (docs/operations.md, "Redis"), so that no copy from before it is used after it.
 */
export const longestCached = 5000

/** Longer than any change takes, in ms: a process that has not finished its change by then has died. */
const longestChange = 60_000

/**
 * The protocol by which every cache is invalidated (decisions 0085 and 0145). Redis keeps a random word, the state, for
 * each set of cached records. A reader takes the state before it reads the store, and its copy is valid only while the
 * state is the same. A change first deletes state and copies and registers itself; while a change is registered there is
 * no state, so nothing is cached. A change that failed, or whose process died, stays registered for a minute. The keys of
 * one set share a slot.
 */
export type CacheInvalidation = {
  /** Returns the copy of a field; without one, the present state, which is '' while a change is registered. */
  find(field: string): Promise<{ readonly copy: string } | { readonly state: string }>
  /** Returns the copies of all fields together with the present state, in one command; of many, those of `usual` alone. */
  findAll(usual: readonly string[]): Promise<CopiesFound>
  /** Stores a copy, unless the state has changed since the reader took it. */
  keep(state: string, field: string, copy: string): Promise<void>
  /** Returns only the present state, for copies in the memory of a process; '' while a change is registered. */
  state(): Promise<string>
  changing<T>(change: () => Promise<T>): Promise<T>
}

type CopiesFound = {
  readonly state: string
  /** Whether a field without a copy here has none. */
  readonly isWhole: boolean
  readonly copies: ReadonlyMap<string, string>
}

/** A request reads so many copies at most at once, e.g. of the grants of somebody who is signed in at many places. */
const mostCopies = 16

/** @param name names the set of cached records, with its hash tag, e.g. `{clients}` */
export function cacheInvalidation(
  { redis, keyPrefix }: { readonly redis: RedisClient; readonly keyPrefix: string },
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
    async findAll(usual) {
      const args = [randomUUID(), longestCached, mostCopies, ...usual]
      const found = (await findCopies(redis, keys, args)) as readonly (string | null)[]
      const [state, isWhole, ...fields] = found
      const copies = new Map<string, string>()
      for (let at = 0; at < fields.length; at += 2) {
        const [field, copy] = fields.slice(at, at + 2)
        if (field && copy) copies.set(field, copy)
      }
      return { state: state ?? '', isWhole: isWhole === '1', copies }
    },
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

/** Returns {copy, ''} or {'', state}. */
const findCopy = redisScript(`
local copy = redis.call('HGET', KEYS[1], ARGV[1])
if copy then return { copy, '' } end
if redis.call('EXISTS', KEYS[3]) == 1 then return { '', '' } end
redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3])
return { '', redis.call('GET', KEYS[2]) }`)

/** Returns the state, whether all copies follow, and each field with its copy. */
const findCopies = redisScript(`
if redis.call('EXISTS', KEYS[3]) == 1 then return { '', '1' } end
redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2])
local state = redis.call('GET', KEYS[2])
if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[3]) then
  local found = { state, '0' }
  for at = 4, #ARGV do
    table.insert(found, ARGV[at])
    table.insert(found, redis.call('HGET', KEYS[1], ARGV[at]))
  end
  return found
end
local found = redis.call('HGETALL', KEYS[1])
table.insert(found, 1, '1')
table.insert(found, 1, state)
return found`)

const keepCopy = redisScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end`)

const beginChange = redisScript(`
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[2])`)

/** Deletes state and copies again: if the change took over a minute, others may have cached what it replaced. */
const endChange = redisScript(`
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SREM', KEYS[3], ARGV[1])`)
