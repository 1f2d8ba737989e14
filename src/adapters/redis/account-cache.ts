import { cacheInvalidation } from './cache-invalidation.ts'
import type { RedisStore } from './redis-store.ts'

/** Caches in Redis what every request reads of an account, until the account changes (decision 0145). */
export type AccountCache = {
  /** Returns the blind index under which all parts of an account are cached. */
  ownerOf(accountId: string): string
  /** Returns the copy of one part, or what `read` finds in the store. A part that does not exist is not cached. */
  find<T>(owner: string, part: string, read: () => Promise<T | undefined>): Promise<T | undefined>
  /** Runs a change of any part. While it runs, nothing of the account is cached. */
  changing<T>(owner: string, change: () => Promise<T>): Promise<T>
}

/** Stores the parts of an account as encrypted copies in one hash, under keys that begin with `held`. */
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
