import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { FlowKey, Flows } from '../../ports/flows.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/**
 * Each flow has one hash: `secret` (blind index), `state` (encrypted), `touched` (ms) and, while a request has the lock,
 * `holder` (the request's token) and `until` (ms). Redis removes the hash by its own clock after the idle time; before
 * that our clock decides whether it has expired.
 */
export function flowsRedis({ redis, keyPrefix, encryption, clock, policy }: FlowStore): Flows {
  const idle = policy.idle * 1000
  const keyOf = (id: string) => `${keyPrefix}flow:${id}`
  const secretIndex = (secret: string) => encryption.blindIndex('flow', secret)
  const context = (id: string) => ({ collection: 'flow', record: id, field: 'state' })
  const encryptState = (id: string, state: unknown) =>
    encryption.encrypt(JSON.stringify(state), context(id))
  const decryptState = (id: string, encrypted: string): unknown =>
    JSON.parse(encryption.decrypt(encrypted, context(id)))

  /** Returns the state, or why there is none. With `lock` the request also takes the lock. */
  const enter = async (key: FlowKey, ...lock: readonly [token: string, lease: number] | []) => {
    if (!wellFormed.test(key.id)) return 'unknown'
    const args = [clock(), idle, secretIndex(key.secret), ...lock]
    const [refused, encrypted] = (await visit(redis, [keyOf(key.id)], args)) as [Refused, string?]
    return encrypted === undefined ? refused : { state: decryptState(key.id, encrypted) }
  }

  return {
    async create(state) {
      const key = { id: randomToken(), secret: randomToken() }
      const args = [clock(), idle, secretIndex(key.secret), encryptState(key.id, state)]
      await begin(redis, [keyOf(key.id)], args)
      return key
    },
    async read(key) {
      // Without a lock to take, the result is never `busy`.
      return (await enter(key)) as Exclude<Awaited<ReturnType<typeof enter>>, 'busy'>
    },
    async open(key) {
      const lockToken = randomToken()
      for (let waited = 0; ; ) {
        const entered = await enter(key, lockToken, policy.lease * 1000)
        if (typeof entered === 'object')
          return {
            state: entered.state,
            async close(state) {
              const kept = state === undefined ? [] : [encryptState(key.id, state)]
              const args = [clock(), idle, lockToken, ...kept]
              return (await leave(redis, [keyOf(key.id)], args)) === 1
            },
          }
        if (entered !== 'busy' || waited >= policy.turn * 1000) return entered
        // Pauses are random, so that waiting requests do not retry at the same moment.
        const pause = randomInt(20, 80)
        await sleep(pause)
        waited += pause
      }
    },
  }
}

type FlowStore = RedisStore & { readonly policy: Readonly<Record<keyof Policy['flow'], number>> }
type Refused = 'unknown' | 'foreign' | 'busy'

const randomToken = () => randomBytes(16).toString('base64url')
/** An id comes from the URL, which anybody can type. */
const wellFormed = /^[\w-]{22}$/

const begin = redisScript(`
  local now, idle, secret, state = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
  redis.call('HSET', KEYS[1], 'secret', secret, 'state', state, 'touched', now)
  redis.call('PEXPIRE', KEYS[1], idle)
`)

/** Reads the state, and takes the lock if a lock token is given. */
const visit = redisScript(`
  local now, idle, secret, holder, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
  local flow = redis.call('HMGET', KEYS[1], 'secret', 'state', 'touched', 'holder', 'until')
  if not flow[1] or now - tonumber(flow[3]) >= idle then return {'unknown'} end
  if flow[1] ~= secret then return {'foreign'} end
  if holder then
    if flow[4] and now < tonumber(flow[5]) then return {'busy'} end
    redis.call('HSET', KEYS[1], 'holder', holder, 'until', now + lease)
  end
  redis.call('HSET', KEYS[1], 'touched', now)
  redis.call('PEXPIRE', KEYS[1], idle)
  return {'in', flow[2]}
`)

/** Stores the state and releases the lock. A request whose lease ran out changes nothing: another may have the lock. */
const leave = redisScript(`
  local now, idle, holder, state = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
  if redis.call('HGET', KEYS[1], 'holder') ~= holder then return 0 end
  redis.call('HDEL', KEYS[1], 'holder', 'until')
  redis.call('HSET', KEYS[1], 'touched', now)
  if state then redis.call('HSET', KEYS[1], 'state', state) end
  redis.call('PEXPIRE', KEYS[1], idle)
  return 1
`)
