import type { Adapter } from 'oidc-provider'
import type { OidcStorage } from '../ports/oidc-storage.ts'
import type { OidcMongo } from './oidc-mongo.ts'

/** What must survive the loss of a node; everything else is short-lived and hot. */
const durable = new Set(['Grant', 'RefreshToken', 'RegistrationAccessToken', 'InitialAccessToken'])

/** The table model → store. */
export const oidcStorage = (redis: (model: string) => Adapter, mongo: OidcMongo): OidcStorage => ({
  of: (model) => (durable.has(model) ? mongo.of(model) : redis(model)),
  latestGrant: mongo.latestGrant,
})
