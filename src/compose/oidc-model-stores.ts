import type { OidcMongo } from '../adapters/mongo/oidc-mongo.ts'
import type { OidcRedis } from '../adapters/redis/oidc-redis.ts'
import type { OidcStorage } from '../ports/sso/oidc-storage.ts'

/** What must survive the loss of a node; everything else is short-lived and hot. */
const durable = new Set(['Grant', 'RefreshToken', 'RegistrationAccessToken', 'InitialAccessToken'])

/** The table model → store. */
export const oidcStorage = (redis: OidcRedis, mongo: OidcMongo): OidcStorage => ({
  ...mongo,
  adapterFor: (model) => (durable.has(model) ? mongo.adapterFor(model) : redis(model)),
  keepInteraction: redis('Interaction').keep,
  sessionsOf: redis('Session').sessionsOf,
  endSession: redis('Session').endSession,
})
