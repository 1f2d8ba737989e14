import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Clients } from '../../ports/sso/clients.ts'

export type SuspendedClientPorts = { readonly clients: Pick<Clients, 'findAny'> }

/** The name of the client that a request names, if that client is disabled. */
export async function suspendedClient(
  { oidc, query }: KoaContextWithOIDC,
  { clients }: SuspendedClientPorts,
): Promise<string | undefined> {
  const id = oidc.params?.['client_id'] ?? query['client_id']
  const known = typeof id === 'string' ? await clients.findAny(id) : undefined
  return known?.disabled ? (known.metadata.client_name ?? known.metadata.client_id) : undefined
}
