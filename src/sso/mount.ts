import type { Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import type { WebState } from '../web/context.ts'
import type { Render } from '../web/page.ts'
import { continuePage } from './continue-page.ts'

/**
 * The provider's routes inside our app, so that they share its headers, log, language and request id. Mounted before
 * any middleware that reads bodies or refuses other origins: relying parties post here.
 */
export function providerRoutes(provider: Provider, render: Render): Middleware<WebState> {
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

  const [routes] = provider.middleware
  if (!routes) throw new Error('the provider has no routes')
  return async (ctx, next) => {
    ctx.cookies = provider.createContext(ctx.req, ctx.res).cookies
    await routes(ctx, next)
    continuePage(ctx, render)
  }
}
