import type { AdapterPayload } from 'oidc-provider'
import type { OidcMongo } from '../mongo/oidc-mongo.ts'
import type { HeldOfAccounts } from './account-cache.ts'
import type { RedisStore } from './redis-store.ts'

/** In ms. A grant never changes hands: longer than a session is used without a pause. */
const remembered = 3_600_000

/** Durable records of which grants are held with their account, until one of its grants or the account changes. */
export function grantsHeld(
  store: OidcMongo,
  held: HeldOfAccounts,
  { redis, keyPrefix, encryption }: Omit<RedisStore, 'clock'>,
): OidcMongo {
  const grants = store.of('Grant')
  const ownerKey = (id: string) =>
    `${keyPrefix}oidc.Grant.owner:${encryption.blindIndex('oidc.Grant', id)}`
  const changing = <T>(accountId: string, change: () => Promise<T>) =>
    held.changing(held.ownerOf(accountId), change)

  /** oidc-provider asks for a grant by its id alone. */
  async function remember(id: string, { accountId }: AdapterPayload): Promise<void> {
    if (accountId) await redis.set(ownerKey(id), held.ownerOf(accountId), 'PX', remembered)
  }

  return {
    ...store,
    of: (model) =>
      model !== 'Grant'
        ? store.of(model)
        : {
            ...grants,
            async find(id) {
              const owner = await redis.get(ownerKey(id))
              if (owner)
                return held.find<AdapterPayload>(owner, id, async () => {
                  return (await grants.find(id)) || undefined
                })
              const grant = await grants.find(id)
              if (grant) await remember(id, grant)
              return grant
            },
            async upsert(id, payload, expiresIn) {
              const write = () => grants.upsert(id, payload, expiresIn)
              if (!payload.accountId) return write()
              await Promise.all([remember(id, payload), changing(payload.accountId, write)])
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
