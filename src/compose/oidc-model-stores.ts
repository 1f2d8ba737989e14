import type { OidcMongo } from '../adapters/mongo/oidc-mongo.ts'
import type { OidcRedis } from '../adapters/redis/oidc-redis.ts'
import type { OidcStorage } from '../ports/sso/oidc-storage.ts'

/** Models that must survive the loss of a Redis node. The others are short-lived and often read. */
const durableModels = new Set([
  'Grant',
  'RefreshToken',
  'RegistrationAccessToken',
  'InitialAccessToken',
])

/** Stores each model of oidc-provider in MongoDB or in Redis. */
export const oidcModelStores = (redis: OidcRedis, mongo: OidcMongo): OidcStorage => ({
  ...mongo,
  adapterFor: (model) => (durableModels.has(model) ? mongo.adapterFor(model) : redis(model)),
  keepInteraction: redis('Interaction').keep,
  sessionsOf: redis('Session').sessionsOf,
  endSession: redis('Session').endSession,
})
