import type { Middleware } from 'koa'
import type { WebState } from '../../web/context.ts'
import type { Render } from '../../web/page/render-page.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { machineEndpointAt } from './endpoint-methods.ts'
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
 * The endpoints that clients' software calls: they need nothing of what pages need, e.g. preferences and their cookies. A
 * request that the endpoint does not take goes on to `endpointMethods`.
 */
export const machineRoutes =
  (current: CurrentProvider): Middleware<WebState> =>
  (ctx, next) => {
    const provider = current()
    return machineEndpointAt(provider, ctx.path) ? routesOf(provider)(ctx, next) : next()
  }
