import { randomUUID } from 'node:crypto'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/** Copies end after that, in ms: should Redis forget what it confirmed. */
const longestHeld = 10_000

/** Longer than any change takes, in ms: whoever has not ended it by then is gone. */
const longestChange = 60_000

/** What every request asks of an account, held in Redis until it changes (decision 0145). */
export type HeldOfAccounts = {
  /** The name under which all of an account is held. */
  ownerOf(accountId: string): string
  /** The copy of one part of it, or what `read` finds in its store; what is not there is not held. */
  find<T>(owner: string, part: string, read: () => Promise<T | undefined>): Promise<T | undefined>
  /** A change of any part: from before it begins until it has ended nothing of the account is held. */
  changing<T>(owner: string, change: () => Promise<T>): Promise<T>
}

/**
 * A hash of sealed copies for each account. Who finds none asks for the state of the account, a random word, before
 * reading; the copy is kept if that is still the state. A change takes copies and state away before it begins and
 * registers itself; while any is under way there is no state. One that failed or died counts as under way for a minute.
 */
export function heldOfAccounts({
  redis,
  keyPrefix,
  encryption,
}: Omit<RedisStore, 'clock'>): HeldOfAccounts {
  const keysOf = (owner: string) =>
    ['copies', 'state', 'changes'].map((kind) => `${keyPrefix}{held:${owner}}:${kind}`)
  const digest = (part: string) => encryption.blindIndex('held.part', part)

  return {
    ownerOf: (accountId) => encryption.blindIndex('held', accountId),
    async find(owner, part, read) {
      const keys = keysOf(owner)
      const field = digest(part)
      const context = { collection: 'held', record: owner, field }
      const looked = await look(redis, keys, [field, randomUUID(), longestHeld])
      const [copy, state] = looked as readonly string[]
      if (copy) return JSON.parse(encryption.decrypt(copy, context))
      const found = await read()
      if (state && found !== undefined) {
        const sealed = encryption.encrypt(JSON.stringify(found), context)
        await keep(redis, keys, [state, field, sealed, longestHeld])
      }
      return found
    },
    async changing(owner, change) {
      const keys = keysOf(owner)
      const id = randomUUID()
      await beginChange(redis, keys, [id, longestChange])
      const result = await change()
      await endChange(redis, keys, [id])
      return result
    },
  }
}

/** {the copy, ''}, or {'', the state}, which is '' while something changes. */
const look = redisScript(`
local copy = redis.call('HGET', KEYS[1], ARGV[1])
if copy then return { copy, '' } end
if redis.call('EXISTS', KEYS[3]) == 1 then return { '', '' } end
redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3])
return { '', redis.call('GET', KEYS[2]) }`)

const keep = redisScript(`
if redis.call('GET', KEYS[2]) ~= ARGV[1] then return end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end`)

const beginChange = redisScript(`
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SADD', KEYS[3], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[2])`)

/** Had it taken longer than a minute, others may have kept what it changed. */
const endChange = redisScript(`
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('SREM', KEYS[3], ARGV[1])`)
