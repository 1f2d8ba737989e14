import type { Client, Provider } from 'oidc-provider'
import type { ClientLink, ClientLinks } from '../../ports/sso/client-links.ts'
import type { Clients } from '../../ports/sso/clients.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { accountClientId } from '../login/account-login.ts'

/** The name of a client and the address of its home page, for links on our pages. */
export function clientLinkOf(client: Client | undefined): ClientLink | undefined {
  if (!client) return undefined
  const { clientId, clientName, clientUri } = client
  return { id: clientId, name: clientName ?? clientId, ...(clientUri && { uri: clientUri }) }
}

/** Adds the address at which the client starts a login by itself, if its metadata names one. */
export function clientLinkWithLogin(
  client: Client | undefined,
  { issuer }: Pick<Provider, 'issuer'>,
): ClientLink | undefined {
  const system = clientLinkOf(client)
  const login = client?.initiateLoginUri && loginAddress(client.initiateLoginUri, issuer, system)
  return system && { ...system, ...(login && { login }) }
}

/** OpenID Connect Core 1.0, 4. A query in the registered address stays as it is. */
function loginAddress(address: string, iss: string, system: ClientLink | undefined): string {
  const target = system?.uri && { target_link_uri: system.uri }
  const query = new URLSearchParams({ iss, ...target })
  return `${address}${address.includes('?') ? '&' : '?'}${query}`
}

export function clientLinks(current: CurrentProvider, clients: Pick<Clients, 'find'>): ClientLinks {
  const find = async (id: string) => clientLinkWithLogin(await current().Client.find(id), current())
  return {
    async ofInteraction(id) {
      const interaction = await current().Interaction.find(id)
      const clientId = interaction?.params['client_id']
      return clientId ? find(String(clientId)) : undefined
    },
    find,
    async findApproved(id) {
      // The platform's own client is built in and not in the store.
      const isApproved = id === accountClientId || isApprovedClient(await clients.find(id))
      return isApproved ? find(id) : undefined
    },
  }
}

const isApprovedClient = (client: Awaited<ReturnType<Clients['find']>>): boolean =>
  client !== undefined && client.owner !== 'registration'
