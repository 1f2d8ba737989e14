import { AsyncLocalStorage } from 'node:async_hooks'
import type { Clock } from '../../ports/clock.ts'
import type { Clients, StoredClient } from '../../ports/sso/clients.ts'
import { cacheInvalidation, longestCached } from './cache-invalidation.ts'
import type { RedisClient } from './connection/redis-client.ts'

/** A bound on memory: more clients than one process reads within `longestCached`. */
const mostCached = 10_000

/** Adds a cache in the memory of this process to the clients. A copy is valid while the state in Redis is the one it was read in. */
export function cachedClients(
  store: Clients,
  {
    redis,
    keyPrefix,
    clock,
  }: { readonly redis: RedisClient; readonly keyPrefix: string; readonly clock: Clock },
): Clients & {
  /** Reads the state once for the whole request, which therefore uses the clients as they were when it began. */
  readonly during: <T>(request: () => Promise<T>) => Promise<T>
} {
  const invalidation = cacheInvalidation({ redis, keyPrefix }, '{clients}')
  const requests = new AsyncLocalStorage<{ state?: Promise<string> }>()
  let cached = { state: '', clients: new Map<string, CachedClient>() }

  function presentState(): Promise<string> {
    const request = requests.getStore()
    if (!request) return invalidation.state()
    request.state ??= invalidation.state()
    return request.state
  }

  async function changing<T>(change: () => Promise<T>): Promise<T> {
    const result = await invalidation.changing(change)
    const request = requests.getStore()
    if (request) delete request.state
    return result
  }

  return {
    ...store,
    async find(clientId) {
      const state = await presentState()
      if (!state) return store.find(clientId)
      if (cached.state !== state || cached.clients.size > mostCached)
        cached = { state, clients: new Map() }
      const { clients } = cached
      const known = clients.get(clientId)
      if (known && clock() - known.readAt < longestCached) return known.client
      const client = store.find(clientId)
      const read = { client, readAt: clock() }
      clients.set(clientId, read)
      const forget = () => clients.get(clientId) === read && clients.delete(clientId)
      // An id that no client has does not fill the cache.
      client.then((found) => found ?? forget(), forget)
      return client
    },
    syncFiles: (clients) => changing(() => store.syncFiles(clients)),
    add: (metadata, owner) => changing(() => store.add(metadata, owner)),
    replace: (...replacement) => changing(() => store.replace(...replacement)),
    register: (metadata) => changing(() => store.register(metadata)),
    setDisabled: (...change) => changing(() => store.setDisabled(...change)),
    remove: (clientId) => changing(() => store.remove(clientId)),
    during: (request) => requests.run({}, request),
  }
}

type CachedClient = {
  readonly client: Promise<StoredClient | undefined>
  readonly readAt: number
}
