import type { Client, Provider } from 'oidc-provider'
import type { BusinessSystem, BusinessSystems } from '../../ports/sso/client-links.ts'
import type { Clients } from '../../ports/sso/clients.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { ownClientId } from '../login/account-login.ts'

/** A client as people know it: by name, and by the address where its work begins. */
export function systemOf(client: Client | undefined): BusinessSystem | undefined {
  if (!client) return undefined
  const { clientId, clientName, clientUri } = client
  return { id: clientId, name: clientName ?? clientId, ...(clientUri && { uri: clientUri }) }
}

/** The same with the address at which it begins a login of its own accord, where its metadata names one. */
export function systemWithLogin(
  client: Client | undefined,
  { issuer }: Pick<Provider, 'issuer'>,
): BusinessSystem | undefined {
  const system = systemOf(client)
  const login = client?.initiateLoginUri && initiateLogin(client.initiateLoginUri, issuer, system)
  return system && { ...system, ...(login && { login }) }
}

/** OpenID Connect Core 1.0, 4. Its own query, if it has one, stays as it is registered. */
function initiateLogin(address: string, iss: string, system: BusinessSystem | undefined): string {
  const target = system?.uri && { target_link_uri: system.uri }
  const query = new URLSearchParams({ iss, ...target })
  return `${address}${address.includes('?') ? '&' : '?'}${query}`
}

export function businessSystems(
  current: CurrentProvider,
  clients: Pick<Clients, 'find'>,
): BusinessSystems {
  const find = async (id: string) => systemWithLogin(await current().Client.find(id), current())
  return {
    async waiting(id) {
      const interaction = await current().Interaction.find(id)
      const clientId = interaction?.params['client_id']
      return clientId ? find(String(clientId)) : undefined
    },
    find,
    async approved(id) {
      // The platform's own client stands in no store.
      const isApproved = id === ownClientId || isOperators(await clients.find(id))
      return isApproved ? find(id) : undefined
    },
  }
}

const isOperators = (client: Awaited<ReturnType<Clients['find']>>): boolean =>
  client !== undefined && client.owner !== 'registration'
