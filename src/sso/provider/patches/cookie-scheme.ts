import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

/**
 * Patches: `createContext` of the provider, from which it takes the cookies of a request.
 * Why: cookies follow the scheme of the issuer, since the last hop before us may speak http. `SameSite=None`, which
 * oidc-provider requires for POST at the authorization endpoint, is ignored without `Secure` (RFC 6265bis, 5.7), so
 * that cookies over plain http are `Lax` (decision 0072).
 * Shown by: test/sso/sessions.test.ts.
 * On an upgrade: look at `cookies` in lib/helpers/oidc_context.js and at `get` in lib/models/session.js.
 */
export function followIssuerScheme(provider: Provider): void {
  const isHttps = provider.issuer.startsWith('https:')
  assertSeam(
    typeof provider.createContext === 'function',
    'cookie-scheme',
    'Provider.createContext is a method',
  )
  const createContext = provider.createContext.bind(provider)
  const patched = new WeakSet<object>()
  provider.createContext = (request, response) => {
    const ctx = createContext(request, response)
    const { cookies } = ctx
    cookies.secure = isHttps
    const { set } = cookies
    cookies.set = (name, value, options) => {
      const isIgnored = !isHttps && options?.sameSite === 'none'
      return set.call(cookies, name, value, isIgnored ? { ...options, sameSite: 'lax' } : options)
    }
    patched.add(cookies)
    return ctx
  }
  const { cookies } = new provider.OIDCContext(emptyContext(provider))
  assertSeam(
    patched.has(cookies),
    'cookie-scheme',
    'OIDCContext takes its cookies from Provider.createContext',
  )
}

function emptyContext(provider: Provider) {
  const request = new IncomingMessage(new Socket())
  return provider.createContext(request, new ServerResponse(request))
}
