import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import { assertSeam } from '../assert-seam.ts'

type OidcContext = KoaContextWithOIDC['oidc']

/**
 * Patches: the getter `acr` of OIDCContext, which gives the `acr` of tokens.
 * Why: a sign-in of a higher level than requested also has the requested one, and the client gets the value that it
 * asked for (OpenID Connect Core 1.0, 5.5.1.1). oidc-provider answers with the level of the session.
 * Shown by: test/sso/step-up.test.ts.
 * On an upgrade: look for `oidc.acr` in lib.
 */
export function answerAcr(
  provider: Provider,
  acrFor: (params: Readonly<Record<string, unknown>>, ofSession: string | undefined) => unknown,
): void {
  const { prototype } = provider.OIDCContext
  const present = Object.getOwnPropertyDescriptor(prototype, 'acr')?.get
  assertSeam(present, 'acr-getter', 'OIDCContext.acr is a getter')
  Object.defineProperty(prototype, 'acr', {
    get(this: OidcContext) {
      return acrFor(this.params ?? {}, this.session?.acr)
    },
  })
}
