import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Clock } from '../../ports/clock.ts'
import type { Clients, KnownClient } from '../../ports/sso/clients.ts'
import { redisScript } from './redis-script.ts'

/** Longer than any change of the store takes, in ms: whoever has not ended it by then is gone. */
const longestChange = 60_000

/** A state of all clients that nobody ends is read anew after that, in ms: should Redis forget what it confirmed. */
const longestHeld = 10_000

/** More clients than one process hears of within that. */
const most = 10_000

/**
 * Clients held by the process, as long as the state that stands in Redis is the one in which they were read. A change
 * takes the state away before it begins; while one is under way there is none, and nobody holds anything. A change that
 * failed or died on its way counts as under way for a minute (decision 0085).
 */
export function clientsCached(
  store: Clients,
  {
    redis,
    keyPrefix,
    clock,
  }: { readonly redis: Redis; readonly keyPrefix: string; readonly clock: Clock },
): Clients & {
  /** Within it the state is asked for once: a request goes on with the clients of its beginning. */
  readonly during: <T>(request: () => Promise<T>) => Promise<T>
} {
  const stateKey = `${keyPrefix}{clients}:state`
  const changesKey = `${keyPrefix}{clients}:changes`
  const requests = new AsyncLocalStorage<{ state?: Promise<string | undefined> }>()
  let held = { state: '', clients: new Map<string, Held>() }

  async function readState(): Promise<string | undefined> {
    const state = await redis.get(stateKey)
    if (state) return state
    const begun = await beginState(redis, [stateKey, changesKey], [randomUUID()])
    return begun ? String(begun) : undefined
  }

  function presentState(): Promise<string | undefined> {
    const request = requests.getStore()
    if (!request) return readState()
    request.state ??= readState()
    return request.state
  }

  async function changing<T>(change: () => Promise<T>): Promise<T> {
    const id = randomUUID()
    await beginChange(redis, [stateKey, changesKey], [id, longestChange])
    const result = await change()
    await redis.srem(changesKey, id)
    const request = requests.getStore()
    if (request) delete request.state
    return result
  }

  return {
    ...store,
    async find(clientId) {
      const state = await presentState()
      if (!state) return store.find(clientId)
      if (held.state !== state || held.clients.size > most) held = { state, clients: new Map() }
      const { clients } = held
      const known = clients.get(clientId)
      if (known && clock() - known.readAt < longestHeld) return known.client
      const client = store.find(clientId)
      const read = { client, readAt: clock() }
      clients.set(clientId, read)
      const forget = () => clients.get(clientId) === read && clients.delete(clientId)
      // Nobody fills it with ids that are made up.
      client.then((found) => found ?? forget(), forget)
      return client
    },
    own: (clients) => changing(() => store.own(clients)),
    add: (metadata, owner) => changing(() => store.add(metadata, owner)),
    replace: (...replacement) => changing(() => store.replace(...replacement)),
    register: (metadata) => changing(() => store.register(metadata)),
    remove: (clientId) => changing(() => store.remove(clientId)),
    during: (request) => requests.run({}, request),
  }
}

type Held = { readonly client: Promise<KnownClient | undefined>; readonly readAt: number }

const beginChange = redisScript(`
redis.call('DEL', KEYS[1])
redis.call('SADD', KEYS[2], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[2])`)

/** A new state, or the one that another process has begun; none while something changes. */
const beginState = redisScript(`
if redis.call('EXISTS', KEYS[2]) == 1 then return false end
redis.call('SET', KEYS[1], ARGV[1], 'NX')
return redis.call('GET', KEYS[1])`)
