import type { Middleware } from 'koa'
import type { Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

/**
 * Patches: nothing; takes the only entry of `provider.middleware`, its router.
 * Why: the router runs on the context of our app, with our headers, log, language and request id (decision 0072).
 * koa-mount, which the documentation names, reads the same list, but composes it for one fixed provider; ours is
 * replaced when the signing keys change.
 * Shown by: test/sso/provider.test.ts.
 * On an upgrade: look at the constructor in lib/provider.js.
 */
export function routesOf(provider: Provider): Middleware {
  const [routes, ...others] = provider.middleware ?? []
  const isAlone = typeof routes === 'function' && others.length === 0
  assertSeam(isAlone, 'provider-routes', 'the router is the only middleware of the provider')
  return routes
}
