import type { Middleware } from 'koa'
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { originsOf } from '../../ports/sso/client-origins.ts'
import type { Clients } from '../../ports/sso/clients.ts'
import type { WebState } from '../../web/context.ts'

/** A request of a known client may come from the pages of that client only (CORS). */
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
 * Limits who can read answers to requests without a known client (preflights, errors, discovery, keys). oidc-provider
 * lets every page read them; this middleware, which wraps the provider's routes, lets only pages of registered public
 * clients.
 */
export const crossOrigin =
  (clients: Pick<Clients, 'hasOrigin'>): Middleware<WebState> =>
  async (ctx, next) => {
    await next()
    const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>
    if (!ctx.response.get(allowed) || oidc?.client) return
    const origin = ctx.get('Origin')
    if (origin && (await clients.hasOrigin(origin))) return
    for (const name of Object.keys(ctx.response.headers))
      if (name.startsWith('access-control-')) ctx.remove(name)
  }

const allowed = 'Access-Control-Allow-Origin'
