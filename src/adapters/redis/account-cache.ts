import { cacheInvalidation } from './cache-invalidation.ts'
import type { RedisStore } from './redis-store.ts'

/** What every request asks of an account, cached in Redis until it changes (decision 0145). */
export type AccountCache = {
  /** The blind index under which everything of an account is cached. */
  ownerOf(accountId: string): string
  /** The copy of one part, or what `read` finds in its store; a part that does not exist is not cached. */
  find<T>(owner: string, part: string, read: () => Promise<T | undefined>): Promise<T | undefined>
  /** Makes a change of any part: nothing of the account is cached from before it begins until it has ended. */
  changing<T>(owner: string, change: () => Promise<T>): Promise<T>
}

/** The parts of an account as encrypted copies in one hash. */
export function accountCache({
  redis,
  keyPrefix,
  encryption,
}: Omit<RedisStore, 'clock'>): AccountCache {
  const cacheOf = (owner: string) => cacheInvalidation({ redis, keyPrefix }, `{held:${owner}}`)

  return {
    ownerOf: (accountId) => encryption.blindIndex('held', accountId),
    async find(owner, part, read) {
      const cache = cacheOf(owner)
      const field = encryption.blindIndex('held.part', part)
      const context = { collection: 'held', record: owner, field }
      const cached = await cache.find(field)
      if ('copy' in cached) return JSON.parse(encryption.decrypt(cached.copy, context))
      const found = await read()
      if (cached.state && found !== undefined)
        await cache.keep(cached.state, field, encryption.encrypt(JSON.stringify(found), context))
      return found
    },
    changing: (owner, change) => cacheOf(owner).changing(change),
  }
}
