import { type Adapter, errors } from 'oidc-provider'
import type { Clients } from '../../ports/sso/clients.ts'
import { AlreadyUsed, type OidcStorage, SessionEnded } from '../../ports/sso/oidc-storage.ts'
import { countIssuedRecord, type IssuedRecordPorts } from './bounds/issued-records.ts'
import { countAnonymousSession } from './bounds/open-request-limit.ts'

/**
 * The adapter of one model for oidc-provider. Clients come from their own store. When concurrent requests use one code,
 * token or proof, all but the first are rejected.
 */
export function modelAdapter(
  model: string,
  storage: OidcStorage,
  clients: Clients,
  selfRegistered: Pick<Adapter, 'upsert' | 'destroy'>,
  ports: Parameters<typeof countAnonymousSession>[2] & IssuedRecordPorts,
): Adapter {
  if (model === 'Client')
    return {
      ...storage.adapterFor(model),
      find: async (id) => (await clients.find(id))?.metadata,
      ...selfRegistered,
    }
  const records = storage.adapterFor(model)
  const { upsert, consume } = records
  return {
    ...records,
    async upsert(id, payload, expiresIn) {
      // oidc-provider ends a device's request with whatever fails on the person's page. An outage leaves it waiting.
      if (model === 'DeviceCode' && payload['error'] === 'temporarily_unavailable') return
      if (model === 'Session' && !payload.accountId)
        await countAnonymousSession(id, expiresIn ?? 0, ports)
      await countIssuedRecord(model, payload, ports)
      await upsert(id, payload, expiresIn).catch((error) => throwSessionEnded(error))
    },
    consume: (id) => consume(id).catch((error) => revokeReused(error, model, storage)),
  }
}

function throwSessionEnded(error: unknown): never {
  throw error instanceof SessionEnded ? new errors.SessionNotFound('the session was ended') : error
}

/**
 * A code or token that is used twice was probably stolen, so that its grant and all its tokens end (RFC 9700, 2.2.2 and
 * 4.5.2).
 */
async function revokeReused(error: unknown, model: string, storage: OidcStorage): Promise<never> {
  if (!(error instanceof AlreadyUsed)) throw error
  if (model === 'PushedAuthorizationRequest')
    throw new errors.InvalidRequestUri('request_uri was already used')
  const { grantId } = error
  if (grantId) {
    const models = ['AccessToken', 'AuthorizationCode', 'RefreshToken']
    await Promise.all(models.map((name) => storage.adapterFor(name).revokeByGrantId(grantId)))
    await storage.adapterFor('Grant').destroy(grantId)
  }
  throw new errors.InvalidGrant({ detail: 'already used' })
}
