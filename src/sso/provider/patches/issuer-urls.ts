import type { Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

/**
 * Patches: `urlFor` of OIDCContext.
 * Why: oidc-provider builds addresses from the Host header of the request; ours are the issuer's, whatever a request
 * says (decision 0072).
 * Shown by: test/sso/provider.test.ts.
 * On an upgrade: look at lib/helpers/oidc_context.js and at `urlFor` in lib/provider.js.
 */
export function useIssuerUrls(provider: Provider): void {
  const { prototype } = provider.OIDCContext
  assertSeam(
    typeof prototype.urlFor === 'function',
    'issuer-urls',
    'OIDCContext.urlFor is a method',
  )
  const isIssuers = provider.urlFor('authorization').startsWith(`${provider.issuer}/`)
  assertSeam(isIssuers, 'issuer-urls', 'Provider.urlFor gives addresses of the issuer')
  prototype.urlFor = (name, options) => provider.urlFor(name, options)
}
