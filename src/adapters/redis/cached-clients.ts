import type { Clock } from '../../ports/clock.ts'
import type { Clients, StoredClient } from '../../ports/sso/clients.ts'
import { cacheInvalidation, longestCached } from './cache-invalidation.ts'
import type { RedisClient } from './connection/redis-client.ts'
import { type PresentRequest, perRequest, sentAhead } from './oidc/per-request.ts'

/** A bound on memory: more clients than one process reads within `longestCached`. */
const mostCached = 10_000

/**
 * Adds a cache in the memory of this process to the clients. A copy is valid while the state in Redis is the one it was
 * read in. A request reads the state once, and therefore uses the clients as they were when it began.
 */
export function cachedClients(
  store: Clients,
  {
    redis,
    keyPrefix,
    clock,
    presentRequest,
  }: {
    readonly redis: RedisClient
    readonly keyPrefix: string
    readonly clock: Clock
    readonly presentRequest?: PresentRequest
  },
): Clients {
  const invalidation = cacheInvalidation({ redis, keyPrefix }, '{clients}')
  const readByRequest = perRequest(presentRequest, () => new Map<'state', Promise<string>>())
  let cached = { state: '', clients: new Map<string, CachedClient>() }

  function presentState(): Promise<string> {
    const known = readByRequest()
    const state = known?.get('state') ?? sentAhead(invalidation.state())
    known?.set('state', state)
    return state
  }

  async function changing<T>(change: () => Promise<T>): Promise<T> {
    const result = await invalidation.changing(change)
    readByRequest()?.delete('state')
    return result
  }

  return {
    ...store,
    prepare: () => void presentState(),
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
  }
}

type CachedClient = {
  readonly client: Promise<StoredClient | undefined>
  readonly readAt: number
}
