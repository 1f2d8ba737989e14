import type { Middleware } from 'koa'
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { originsOf } from '../../ports/sso/client-origins.ts'
import type { Clients } from '../../ports/sso/clients.ts'
import type { WebState } from '../../web/context.ts'

/** Once oidc-provider knows who asks: pages of that very client may. */
export const isClientOrigin: NonNullable<Configuration['clientBasedCORS']> = (
  _ctx,
  origin,
  client,
) =>
  originsOf({
    token_endpoint_auth_method: client.clientAuthMethod,
    redirect_uris: client.redirectUris,
  }).includes(origin)

/**
 * Where it doesn't know that, it lets every page read: answers to preflights, errors, discovery and keys. Here these are
 * for pages of registered public clients, whichever. Stands around the provider's routes.
 */
export const crossOrigin =
  (clients: Pick<Clients, 'hasPagesAt'>): Middleware<WebState> =>
  async (ctx, next) => {
    await next()
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>
    if (!ctx.response.get(allowed) || oidc?.client) return
    const origin = ctx.get('Origin')
    if (origin && (await clients.hasPagesAt(origin))) return
    for (const name of Object.keys(ctx.response.headers))
      if (name.startsWith('access-control-')) ctx.remove(name)
  }

const allowed = 'Access-Control-Allow-Origin'
