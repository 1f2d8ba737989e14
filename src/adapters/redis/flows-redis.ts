import { randomBytes, randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '../../../config/policy.ts'
import type { FlowKey, Flows } from '../../ports/flows.ts'
import { redisScript } from './redis-script.ts'
import type { RedisStore } from './redis-store.ts'

/**
 * One hash a flow: `secret` (digest), `state` (sealed), `touched` (ms), and while a request is inside `holder` (its
 * token) and `until` (ms). Redis forgets it by its own clock after the idle time; ours decides before.
 */
export function flowsRedis({
  redis,
  keyPrefix,
  encryption,
  clock,
  policy,
}: RedisStore & {
  readonly policy: Readonly<Record<keyof Policy['flow'], number>>
}): Flows {
  const idle = policy.idle * 1000
  const keyOf = (id: string) => `${keyPrefix}flow:${id}`
  const digest = (secret: string) => encryption.blindIndex('flow', secret)
  const context = (id: string) => ({ collection: 'flow', record: id, field: 'state' })
  const seal = (id: string, state: unknown) =>
    encryption.encrypt(JSON.stringify(state), context(id))
  const open = (id: string, sealed: string): unknown =>
    JSON.parse(encryption.decrypt(sealed, context(id)))

  /** The state, or why not. */
  const enter = async (key: FlowKey, ...turn: readonly [holder: string, lease: number] | []) => {
    if (!wellFormed.test(key.id)) return 'unknown'
    const args = [clock(), idle, digest(key.secret), ...turn]
    const [refused, sealed] = (await visit(redis, [keyOf(key.id)], args)) as [Refused, string?]
    return sealed === undefined ? refused : { state: open(key.id, sealed) }
  }

  return {
    async create(state) {
      const key = { id: token(), secret: token() }
      const args = [clock(), idle, digest(key.secret), seal(key.id, state)]
      await begin(redis, [keyOf(key.id)], args)
      return key
    },
    async read(key) {
      // Who takes no turn never finds it taken.
      return (await enter(key)) as Exclude<Awaited<ReturnType<typeof enter>>, 'busy'>
    },
    async open(key) {
      const holder = token()
      for (let waited = 0; ; ) {
        const entered = await enter(key, holder, policy.lease * 1000)
        if (typeof entered === 'object')
          return {
            state: entered.state,
            async close(state) {
              const kept = state === undefined ? [] : [seal(key.id, state)]
              const args = [clock(), idle, holder, ...kept]
              return (await leave(redis, [keyOf(key.id)], args)) === 1
            },
          }
        if (entered !== 'busy' || waited >= policy.turn * 1000) return entered
        // Uneven steps, so that those who wait don't come in a pack.
        const pause = randomInt(20, 80)
        await sleep(pause)
        waited += pause
      }
    },
  }
}

type Refused = 'unknown' | 'foreign' | 'busy'

const token = () => randomBytes(16).toString('base64url')
/** Ids come from an address that anybody can type. */
const wellFormed = /^[\w-]{22}$/

const begin = redisScript(`
  local now, idle, secret, state = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
  redis.call('HSET', KEYS[1], 'secret', secret, 'state', state, 'touched', now)
  redis.call('PEXPIRE', KEYS[1], idle)
`)

/** Reads, and with a holder takes the turn as well. */
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

/** Only the present holder's state counts: one whose lease ran out may have been followed by another. */
const leave = redisScript(`
  local now, idle, holder, state = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
  if redis.call('HGET', KEYS[1], 'holder') ~= holder then return 0 end
  redis.call('HDEL', KEYS[1], 'holder', 'until')
  redis.call('HSET', KEYS[1], 'touched', now)
  if state then redis.call('HSET', KEYS[1], 'state', state) end
  redis.call('PEXPIRE', KEYS[1], idle)
  return 1
`)
