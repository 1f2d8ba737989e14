import type { Provider } from 'oidc-provider'
import { clientLinkOf } from '../clients/client-links.ts'

/** In the address of the last page after 退出登录: the clients that could not be told. */
export const unreachedParam = 'unreached'

/** No session has more. */
const most = 50

/** The clients that the query of the last page names. */
export const unreachedIn = (query: string | readonly string[] | undefined): readonly string[] =>
  [query ?? []].flat().slice(0, most)

/** Each once; of what is no client there is nothing to say. */
export async function clientNamesOf(ids: readonly string[], provider: Provider) {
  const clients = await Promise.all(ids.map((id) => provider.Client.find(id)))
  return [...new Set(clients.flatMap((client) => clientLinkOf(client)?.name ?? []))]
}
