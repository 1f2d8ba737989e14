import type { Client, Provider } from 'oidc-provider'
import type { BusinessSystem, BusinessSystems } from '../ports/business-systems.ts'

/** A client as people know it: by name, and by the address where its work begins. */
export function systemOf(client: Client | undefined): BusinessSystem | undefined {
  if (!client) return undefined
  const { clientId, clientName, clientUri } = client
  return { id: clientId, name: clientName ?? clientId, ...(clientUri && { uri: clientUri }) }
}

export const businessSystems = (provider: Provider): BusinessSystems => ({
  async waiting(id) {
    const interaction = await provider.Interaction.find(id)
    const clientId = interaction?.params['client_id']
    return systemOf(clientId ? await provider.Client.find(String(clientId)) : undefined)
  },
  find: async (id) => systemOf(await provider.Client.find(id)),
})
