import type { Adapter } from 'oidc-provider'
import type { ClientMetadata } from '../../../config/client-metadata.ts'
import type { Audit } from '../../ports/audit.ts'
import type { Clients } from '../../ports/sso/clients.ts'
import { networkOf } from '../../web/http/visitor-of.ts'
import { presentRequest } from '../provider/features/client-registration.ts'

/** Stores and removes clients that register themselves, with an audit event for each change. */
export const selfRegisteredRecords = (
  clients: Clients,
  audit: Audit,
): Pick<Adapter, 'upsert' | 'destroy'> => {
  const record = (what: 'client-added' | 'client-changed' | 'client-removed', clientId: string) => {
    const address = networkOf(presentRequest()?.ip ?? '')
    return audit.record({ what, clientId, address, detail: 'registration' })
  }
  return {
    async upsert(id, metadata) {
      const known = await clients.find(id)
      await clients.register(metadata as unknown as ClientMetadata)
      await record(known ? 'client-changed' : 'client-added', id)
    },
    async destroy(id) {
      await clients.remove(id)
      await record('client-removed', id)
    },
  }
}
