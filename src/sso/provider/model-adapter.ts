import { type Adapter, errors } from 'oidc-provider'
import { AlreadyUsed, type OidcStorage, SessionEnded } from '../../ports/sso/oidc-storage.ts'
import { isUsedNoFurther } from '../sessions/session-use.ts'
import { countIssuedRecord } from './bounds/issued-records.ts'
import { countAnonymousSession, refuseTooManyPages } from './bounds/open-request-limit.ts'
import type { ProviderPorts } from './provider-ports.ts'
import type { ReadAhead } from './read-ahead.ts'

/**
 * The adapter of one model for oidc-provider. Clients come from their own store. When concurrent requests use one code,
 * token or proof, all but the first are rejected.
 */
export function modelAdapter(
  model: string,
  reads: ReadAhead,
  selfRegistered: Pick<Adapter, 'upsert' | 'destroy'>,
  ports: ProviderPorts,
): Adapter {
  const { clients, storage } = ports
  const records = storage.adapterFor(model)
  if (model === 'Client')
    return {
      ...records,
      async find(id) {
        reads.begin()
        return (await clients.find(id))?.metadata
      },
      ...selfRegistered,
    }
  const { upsert, consume } = records

  async function store(...record: Parameters<typeof upsert>): Promise<void> {
    const [id, payload] = record
    const [counted, stored] = await Promise.allSettled([
      countIssuedRecord(model, payload, ports),
      upsert(...record),
    ])
    if (counted.status === 'rejected') {
      if (stored.status === 'fulfilled') await storage.discard(model, id)
      throw counted.reason
    }
    if (stored.status === 'rejected') throwSessionEnded(stored.reason)
  }

  return {
    ...records,
    find: (id) => reads.find(model, id),
    async upsert(id, payload, expiresIn) {
      // oidc-provider ends a device's request with whatever fails on the person's page. An outage leaves it waiting.
      if (model === 'DeviceCode' && payload['error'] === 'temporarily_unavailable') return
      if (model === 'Session' && !payload.accountId)
        await countAnonymousSession(id, expiresIn ?? 0, ports)
      if (model === 'Session' && isUsedNoFurther(payload, reads.sessionRead(id))) return
      if (model === 'Interaction') await refuseTooManyPages(payload, ports)
      await store(id, payload, expiresIn)
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
