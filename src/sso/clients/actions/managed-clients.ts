import type { ManagedClients } from '../../../ports/operators/managed-clients.ts'
import { changeAsApproved, changeClient } from './change-client.ts'
import { type ClientActionPorts, managedClient } from './client-action.ts'
import { createAsPlanned, createClient } from './create-client.ts'
import { askRemoval, removeAsApproved, setClientDisabled } from './end-client.ts'
import { newClientId, prepareMetadata } from './prepare-metadata.ts'
import { rotateAsPlanned, rotateSecret } from './rotate-secret.ts'

/** The actions on clients for the console and the operators' API. */
export function managedClients(
  ports: ClientActionPorts & Pick<ManagedClients, 'endpoints'>,
): ManagedClients {
  const { clients } = ports

  return {
    list: async () => (await clients.list()).map((known) => managedClient(known, ports)),
    async find(id) {
      const known = await clients.findAny(id)
      return known && managedClient(known, ports)
    },
    endpoints: ports.endpoints,
    async check(given) {
      const named = { ...given, client_id: given['client_id'] ?? newClientId() }
      const prepared = await prepareMetadata(named, ports.providerProblem)
      return 'problems' in prepared ? prepared.problems : []
    },
    create: (given, once) => createClient(given, ports, once),
    change: (id, given, seen) => changeClient(id, given, seen, ports),
    rotateSecret: (id, seen, once) => rotateSecret(id, seen, ports, once),
    disable: (id) => setClientDisabled(id, true, ports),
    enable: (id) => setClientDisabled(id, false, ports),
    remove: (id) => askRemoval(id, ports),
    async carryOut(matter) {
      switch (matter.action) {
        case 'create':
          return createAsPlanned(matter, ports)
        case 'change':
          return changeAsApproved(matter, ports)
        case 'rotate-secret':
          return rotateAsPlanned(matter, ports)
        case 'remove':
          return removeAsApproved(matter.id, ports)
      }
    },
  }
}
