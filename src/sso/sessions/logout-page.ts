import type { Middleware } from 'koa'
import type { Client, KoaContextWithOIDC } from 'oidc-provider'
import { networkOf } from '../../people/network.ts'
import type { Audit } from '../../ports/audit.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { WebState } from '../../web/context.ts'
import type { Render } from '../../web/page/render-page.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import { unreachedClients } from './back-channel-logout.ts'
import { clientNamesOf, unreachedParam } from './unreached-clients.ts'

/** The person waits this long for the clients to be notified, in ms. */
const patience = 3000

/** The names of clients that were not notified are shown this long before the page continues, in seconds. */
const readingTime = 5

/**
 * The browser forgets the pages and what they stored (Clear Site Data, 3.1). Never `"cookies"`: it would clear those of
 * every host of the registrable domain, so of other systems too.
 */
const clearedData = '"cache", "storage"'

/**
 * After 退出登录, names the clients that could not be notified at once, before the person continues. It wraps the
 * provider's routes.
 */
export const logoutPage =
  (storage: OidcStorage, audit: Audit, render: Render): Middleware<WebState> =>
  async (ctx, next) => {
    await next()
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>
    const { session } = oidc ?? {}
    if (oidc?.route !== 'end_session_confirm' || ctx.status !== 303 || !oidc.params?.['logout'])
      return
    ctx.set('Clear-Site-Data', clearedData)
    const done = oidc.provider.urlFor('end_session_success')
    const { client } = oidc
    // oidc-provider drops the client here, but its last page needs it for the link back.
    if (client && ctx.response.get('Location') === done)
      ctx.redirect(`${done}?client_id=${encodeURIComponent(client.clientId)}`)
    if (!session?.accountId) return
    const { accountId } = session
    await audit.record({ what: 'signed-out', accountId, address: networkOf(ctx.ip) })
    const unreached = await unreachedClients(session, storage, patience)
    if (!unreached.length) return
    const systems = await clientNamesOf(unreached, oidc.provider)
    const goOn = ctx.response.get('Location')
    ctx.remove('Location')
    const system = clientLinkOf(client)
    const isBack = !goOn.startsWith(done)
    // The header `Refresh` works without script; a link stops it, so that the person can read on.
    if (isBack) ctx.set('Refresh', `${readingTime}; url=${goOn}`)
    render(ctx, 'sso/logged-out', {
      title: 'loggedOut.title',
      systems,
      start: isBack ? { uri: goOn, name: system?.name } : system,
      ...(isBack && { seconds: readingTime, stay: addressWithoutRefresh(done, unreached, client) }),
    })
    ctx.status = 200
  }

/** The address of the same page without the automatic redirect (WCAG 2.2, 2.2.1). */
function addressWithoutRefresh(
  done: string,
  unreached: readonly string[],
  client: Client | undefined,
): string {
  const query = new URLSearchParams(unreached.map((id) => [unreachedParam, id]))
  if (client) query.set('client_id', client.clientId)
  return `${done}?${query}`
}
