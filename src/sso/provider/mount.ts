import type { Middleware } from 'koa'
import type { WebState } from '../../web/context.ts'
import type { Render } from '../../web/page/render-page.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { exactRedirect } from './exact-redirects.ts'
import { continuePage } from './patches/continue-page.ts'
import { routesOf } from './patches/provider-routes.ts'

/**
 * The provider's routes. They come before middleware that reads bodies or rejects other origins, since clients post
 * here.
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
 * Discovery and JWKS, from memory and the same for everybody. They come before middleware that sets cookies, since
 * caches may store the answer.
 * @param cache the lifetime in caches, in seconds
 */
export const providerDocuments =
  (current: CurrentProvider, cache: number): Middleware<WebState> =>
  async (ctx, next) => {
    const provider = current()
    if (!documents.has(ctx.path) && ctx.path !== provider.pathFor('jwks')) return next()
    await routesOf(provider)(ctx, next)
    if (ctx.status === 200) ctx.set('Cache-Control', `public, max-age=${cache}`)
  }

/** The paths of OpenID Connect Discovery 1.0, 4, and RFC 8414, 3. */
const documents = new Set([
  '/.well-known/openid-configuration',
  '/.well-known/oauth-authorization-server',
])
