import type { Provider } from 'oidc-provider'
import { clientLinkOf } from '../clients/client-links.ts'

/** The query parameter of the last page after 退出登录 that names the clients that could not be notified. */
export const unreachedParam = 'unreached'

/** A bound on the clients that an address can name; no session has more. */
const maxClients = 50

/** The client ids in the query of the last page. */
export const unreachedIn = (query: string | readonly string[] | undefined): readonly string[] =>
  [query ?? []].flat().slice(0, maxClients)

/** The names of these clients, each once; unknown ids are ignored. */
export async function clientNamesOf(ids: readonly string[], provider: Provider) {
  const clients = await Promise.all(ids.map((id) => provider.Client.find(id)))
  return [...new Set(clients.flatMap((client) => clientLinkOf(client)?.name ?? []))]
}
