import type { Adapter } from 'oidc-provider'
import type { OidcMongo } from '../adapters/mongo/oidc-mongo.ts'
import type { AccountCache } from '../adapters/redis/account-cache.ts'
import { type hintedIds, modelOf } from '../adapters/redis/oidc/hinted-ids.ts'
import type { OidcRedis } from '../adapters/redis/oidc-redis.ts'
import type { OidcStorage } from '../ports/sso/oidc-storage.ts'

/** Models that must survive the loss of a Redis node. The others are short-lived and often read. */
const durableModels = new Set([
  'Grant',
  'RefreshToken',
  'RegistrationAccessToken',
  'InitialAccessToken',
])

/** Stores each model of oidc-provider in MongoDB or in Redis, and sends the reads of a request together. */
export function oidcModelStores(
  redis: OidcRedis,
  mongo: OidcMongo,
  cache: Pick<AccountCache, 'ownerOf' | 'prepare'>,
  ids: ReturnType<typeof hintedIds>,
): OidcStorage {
  const sessions = redis('Session')
  const adapterOf = (model: string): Adapter =>
    durableModels.has(model) ? mongo.adapterFor(model) : redis(model)

  return {
    ...mongo,
    adapterFor(model) {
      const records = adapterOf(model)
      return {
        ...records,
        async find(id) {
          const told = modelOf(id)
          return told && told !== model ? undefined : records.find(id)
        },
      }
    },
    modelOf,
    newId(model, random, { accountId, sessionId, source }) {
      const known = source === undefined ? {} : ids.hintOf(source)
      return ids.make(model, random, {
        owner: accountId === undefined ? known.owner : cache.ownerOf(accountId),
        session: sessionId === undefined ? known.session : sessions.recordOf(sessionId),
      })
    },
    prepare(id) {
      const { owner, session } = ids.hintOf(id)
      if (owner) cache.prepare(owner)
      if (session) sessions.prepare(session)
    },
    discard: (model, id) => redis(model).discard(id),
    keepInteraction: redis('Interaction').keep,
    sessionsOf: sessions.sessionsOf,
    endSession: sessions.endSession,
  }
}
