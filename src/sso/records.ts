import { type Adapter, errors, type Provider } from 'oidc-provider'
import type { Client } from '../../config/client-metadata/judge.ts'
import type { Clients } from '../ports/clients.ts'
import { AlreadyUsed, Ended, type OidcStorage } from '../ports/oidc-storage.ts'

/**
 * A model's records as oidc-provider wants them: clients come from their own store, and of several requests that use
 * one code, token or proof at once all but the first are told so.
 */
export function recordsOf(
  model: string,
  storage: OidcStorage,
  clients: Clients,
  provider: () => Provider,
): Adapter {
  if (model === 'Client') return clientRecords(storage.of(model), clients)
  const records = storage.of(model)
  const { upsert, consume } = records
  return {
    ...records,
    upsert: (...record) => upsert(...record).catch((error) => tellRefusal(error)),
    consume: (id) => consume(id).catch((error) => tellReuse(error, model, provider())),
  }
}

/** What the provider itself writes came by dynamic registration (RFC 7591, 7592), judged already. */
const clientRecords = (records: Adapter, clients: Clients): Adapter => ({
  ...records,
  find: async (id) => (await clients.find(id))?.metadata,
  upsert: (_id, metadata) => clients.register(metadata as unknown as Client),
  async destroy(id) {
    await clients.remove(id)
  },
})

function tellRefusal(error: unknown): never {
  throw error instanceof Ended ? new errors.SessionNotFound('the session was ended') : error
}

/** RFC 9700, 4.5.2 and 2.2.2: what is used twice was stolen, so everything that came of it ends. */
async function tellReuse(error: unknown, model: string, provider: Provider): Promise<never> {
  if (!(error instanceof AlreadyUsed)) throw error
  if (model === 'PushedAuthorizationRequest')
    throw new errors.InvalidRequestUri('request_uri was already used')
  const { grantId } = error
  if (grantId) {
    const { AccessToken, AuthorizationCode, RefreshToken, Grant } = provider
    const models = [AccessToken, AuthorizationCode, RefreshToken]
    await Promise.all(models.map((tokens) => tokens.revokeByGrantId(grantId)))
    await Grant.adapter.destroy(grantId)
  }
  throw new errors.InvalidGrant({ detail: 'already used' })
}
