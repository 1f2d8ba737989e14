import type { Client } from 'oidc-provider'
import type { BusinessSystem, BusinessSystems } from '../ports/business-systems.ts'
import type { CurrentProvider } from './current-provider.ts'

/** A client as people know it: by name, and by the address where its work begins. */
export function systemOf(client: Client | undefined): BusinessSystem | undefined {
  if (!client) return undefined
  const { clientId, clientName, clientUri } = client
  return { id: clientId, name: clientName ?? clientId, ...(clientUri && { uri: clientUri }) }
}

export const businessSystems = (current: CurrentProvider): BusinessSystems => ({
  async waiting(id) {
    const provider = current()
    const interaction = await provider.Interaction.find(id)
    const clientId = interaction?.params['client_id']
    return systemOf(clientId ? await provider.Client.find(String(clientId)) : undefined)
  },
  find: async (id) => systemOf(await current().Client.find(id)),
})
