import type { AdapterPayload } from 'oidc-provider'
import type { OidcMongo } from '../mongo/oidc-mongo.ts'
import type { AccountCache } from './account-cache.ts'
import type { RedisStore } from './redis-store.ts'

/** How long the owner of a grant is cached, in ms. The owner never changes, so the time is only to free memory. */
const longestOwner = 3_600_000

/** Adds a cache for grants to the durable records. Grants are cached with their account, until it or one of them changes. */
export function cachedGrants(
  store: OidcMongo,
  cache: AccountCache,
  { redis, keyPrefix, encryption }: Omit<RedisStore, 'clock'>,
): OidcMongo {
  const grants = store.adapterFor('Grant')
  const ownerKey = (id: string) =>
    `${keyPrefix}oidc.Grant.owner:${encryption.blindIndex('oidc.Grant', id)}`
  const changing = <T>(accountId: string, change: () => Promise<T>) =>
    cache.changing(cache.ownerOf(accountId), change)

  /** Caches to which account a grant belongs, because oidc-provider looks a grant up by its id alone. */
  async function cacheOwner(id: string, { accountId }: AdapterPayload): Promise<void> {
    if (accountId) await redis.set(ownerKey(id), cache.ownerOf(accountId), 'PX', longestOwner)
  }

  return {
    ...store,
    adapterFor: (model) =>
      model !== 'Grant'
        ? store.adapterFor(model)
        : {
            ...grants,
            async find(id) {
              // Most requests have read the account of the grant already.
              const known = await cache.findRead<AdapterPayload>(id)
              if (known) return known
              const owner = await redis.get(ownerKey(id))
              if (owner)
                return cache.find<AdapterPayload>(owner, id, async () => {
                  return (await grants.find(id)) || undefined
                })
              const grant = await grants.find(id)
              if (grant) await cacheOwner(id, grant)
              return grant
            },
            async upsert(id, payload, expiresIn) {
              const write = () => grants.upsert(id, payload, expiresIn)
              if (!payload.accountId) return write()
              await Promise.all([cacheOwner(id, payload), changing(payload.accountId, write)])
            },
            async destroy(id) {
              const { accountId } = (await grants.find(id)) || {}
              const end = () => grants.destroy(id)
              return accountId ? changing(accountId, end) : end()
            },
          },
    endGrants: (accountId, ids) => changing(accountId, () => store.endGrants(accountId, ids)),
    forgetGrants: (accountId, clientId) =>
      changing(accountId, () => store.forgetGrants(accountId, clientId)),
  }
}
