import { errors, type Provider } from 'oidc-provider'
import type { Client } from '../../config/clients.ts'
import { BadEnvironment } from '../../config/env.ts'
import type { Clients } from '../ports/clients.ts'

/**
 * Makes the files' clients the ones that may sign users in. What `config/clients.ts` found right still has to please
 * the provider: throws `BadEnvironment` with a problem for each client that doesn't, and then changes nothing.
 */
export async function ownClients(
  provider: Provider,
  clients: readonly Client[],
  store: Clients,
): Promise<void> {
  const problems = await Promise.all(clients.map((client) => problemOf(provider, client)))
  const found = problems.filter((problem) => problem !== undefined)
  if (found.length) throw new BadEnvironment(found)
  await store.own(clients)
}

async function problemOf(provider: Provider, client: Client): Promise<string | undefined> {
  try {
    await provider.Client.validate(client)
    return undefined
  } catch (error) {
    if (!(error instanceof errors.OIDCProviderError)) throw error
    return `CLIENTS_FILE: client ${client.client_id}: ${error.error_description ?? error.message}`
  }
}
