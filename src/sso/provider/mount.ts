import type { Middleware } from 'koa'
import type { WebState } from '../../web/context.ts'
import type { Render } from '../../web/page/page.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { exactRedirect } from './exact-redirects.ts'
import { continuePage } from './patches/continue-page.ts'
import { routesOf } from './patches/provider-routes.ts'

/**
 * The provider's routes. Mounted before any middleware that reads bodies or refuses other origins: relying parties
 * post here.
 */
export const providerRoutes =
  (current: CurrentProvider, render: Render): Middleware<WebState> =>
  async (ctx, next) => {
    const provider = current()
    ctx.cookies = provider.createContext(ctx.req, ctx.res).cookies
    await routesOf(provider)(ctx, next)
    exactRedirect(ctx)
    continuePage(ctx, render)
  }

/**
 * Discovery and JWKS: answered from memory, the same for everybody. Mounted before any middleware that sets cookies,
 * since whoever stands between may keep the answer.
 * @param cache how long in seconds
 */
export const providerDocuments =
  (current: CurrentProvider, cache: number): Middleware<WebState> =>
  async (ctx, next) => {
    const provider = current()
    if (!documents.has(ctx.path) && ctx.path !== provider.pathFor('jwks')) return next()
    await routesOf(provider)(ctx, next)
    if (ctx.status === 200) ctx.set('Cache-Control', `public, max-age=${cache}`)
  }

/** OpenID Connect Discovery 1.0, 4; RFC 8414, 3. */
const documents = new Set([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
])
