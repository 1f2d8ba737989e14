import type { Middleware } from 'koa'
import type { Client, KoaContextWithOIDC } from 'oidc-provider'
import type { Audit } from '../../ports/audit.ts'
import type { OidcStorage } from '../../ports/sso/oidc-storage.ts'
import type { WebState } from '../../web/context.ts'
import { networkOf } from '../../web/http/visitor-of.ts'
import type { Render } from '../../web/page/page.ts'
import { clientLinkOf } from '../clients/client-links.ts'
import { unreachedBy } from './back-channel-logout.ts'
import { clientNamesOf, unreachedParam } from './unreached-clients.ts'

/** How long the person waits for business systems to be told, in ms. */
const patience = 3000

/** How long the names of those that were not told can be read before the way goes on by itself, in seconds. */
const reading = 5

/**
 * After 退出登录: whoever could not be told at once is named, before the person goes on. Stands around the provider's
 * routes.
 */
export const logoutPage =
  (storage: OidcStorage, audit: Audit, render: Render): Middleware<WebState> =>
  async (ctx, next) => {
    await next()
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>
    const { session } = oidc ?? {}
    if (oidc?.route !== 'end_session_confirm' || ctx.status !== 303 || !oidc.params?.['logout'])
      return
    const done = oidc.provider.urlFor('end_session_success')
    const { client } = oidc
    // The provider forgets it here, and then its last page has no way back.
    if (client && ctx.response.get('Location') === done)
      ctx.redirect(`${done}?client_id=${encodeURIComponent(client.clientId)}`)
    if (!session?.accountId) return
    const { accountId } = session
    await audit.record({ what: 'signed-out', accountId, address: networkOf(ctx.ip) })
    const unreached = await unreachedBy(session, storage, patience)
    if (!unreached.length) return
    const systems = await clientNamesOf(unreached, oidc.provider)
    const goOn = ctx.response.get('Location')
    ctx.remove('Location')
    const system = clientLinkOf(client)
    const isBack = !goOn.startsWith(done)
    // A header and no script, so that it works for everybody; a link stays where the person wants to read on.
    if (isBack) ctx.set('Refresh', `${reading}; url=${goOn}`)
    render(ctx, 'sso/logged-out', {
      title: 'loggedOut.title',
      systems,
      start: isBack ? { uri: goOn, name: system?.name } : system,
      ...(isBack && { seconds: reading, stay: stayAt(done, unreached, client) }),
    })
    ctx.status = 200
  }

/** The page that says the same and goes nowhere by itself (WCAG 2.2, 2.2.1). */
function stayAt(done: string, unreached: readonly string[], client: Client | undefined): string {
  const query = new URLSearchParams(unreached.map((id) => [unreachedParam, id]))
  if (client) query.set('client_id', client.clientId)
  return `${done}?${query}`
}
