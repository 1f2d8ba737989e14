import type { Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import type { WebState } from '../../web/context.ts'
import type { Render } from '../../web/page/page.ts'
import type { CurrentProvider } from '../keys/current-provider.ts'
import { continuePage } from './continue-page.ts'
import { exactRedirect } from './patches/exact-redirects.ts'

/** Prepares a provider to answer inside our app, so that it shares the app's headers, log, language and request id. */
export function insideOurApp(provider: Provider): Provider {
  const https = provider.issuer.startsWith('https:')
  // Addresses are the issuer's, whatever the Host header says.
  provider.OIDCContext.prototype.urlFor = (name, options) => provider.urlFor(name, options)

  const createContext = provider.createContext.bind(provider)
  provider.createContext = (request, response) => {
    const ctx = createContext(request, response)
    const { cookies } = ctx
    // The hop in front of us may speak http.
    cookies.secure = https
    const { set } = cookies
    // `SameSite=None` is ignored without `Secure` (RFC 6265bis, 5.7), which plain http does not have.
    cookies.set = (name, value, options) => {
      const lax = !https && options?.sameSite === 'none'
      return set.call(cookies, name, value, lax ? { ...options, sameSite: 'lax' } : options)
    }
    return ctx
  }

  provider.on('server_error', (ctx, error) => {
    ctx.state['log'].error({ err: error }, 'provider failed')
  })
  return provider
}

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

function routesOf(provider: Provider): Middleware {
  const [routes] = provider.middleware
  if (!routes) throw new Error('the provider has no routes')
  return routes
}
