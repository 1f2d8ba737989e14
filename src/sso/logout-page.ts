import type { Middleware } from 'koa'
import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Audit } from '../ports/audit.ts'
import type { OidcStorage } from '../ports/oidc-storage.ts'
import type { WebState } from '../web/context.ts'
import type { Render } from '../web/page.ts'
import { networkOf } from '../web/visitor.ts'
import { systemOf } from './business-systems.ts'
import { unreachedBy } from './logouts.ts'

/** How long the person waits for business systems to be told, in ms. */
const patience = 3000

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
    const clients = await Promise.all(unreached.map((id) => oidc.provider.Client.find(id)))
    const systems = [...new Set(clients.flatMap((client) => systemOf(client)?.name ?? []))]
    const goOn = ctx.response.get('Location')
    ctx.remove('Location')
    const start = goOn.startsWith(done)
      ? systemOf(client)
      : { uri: goOn, name: systemOf(client)?.name }
    render(ctx, 'sso/logged-out', { title: 'loggedOut.title', systems, start })
    ctx.status = 200
  }
