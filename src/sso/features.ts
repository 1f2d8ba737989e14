import { protocol } from '../../config/oidc.ts'
import { claimsParameter } from './features/claims-parameter.ts'
import { clientSignatures } from './features/client-signatures.ts'
import { dpop } from './features/dpop.ts'
import { fapi } from './features/fapi2.ts'
import type { Features } from './features/feature.ts'
import { introspection } from './features/introspection.ts'
import { mutualTls } from './features/mutual-tls.ts'
import { registrationFeatures } from './features/registration.ts'
import { resourceIndicators } from './features/resource-servers.ts'
import { revocation } from './features/revocation.ts'
import type { ProviderPages, ProviderPorts } from './provider.ts'

/** What the provider can do: that it does is `config/oidc.ts`'s to say, how stands in `features/`, a file each. */
export function features(
  pages: ProviderPages,
  cookieKeys: readonly string[],
  {
    accounts,
    certificates,
    clock,
    registration,
  }: Pick<ProviderPorts, 'accounts' | 'certificates' | 'clock' | 'registration'>,
): Features {
  const { features: spoken } = protocol
  const { logoutSource, postLogoutSuccessSource } = pages
  const { userCodeInputSource, userCodeConfirmSource, successSource } = pages
  const assertJwtClaimsAndHeader = clientSignatures(clock).requestObject
  return {
    ...spoken,
    ...registrationFeatures(registration),
    claimsParameter: { ...spoken.claimsParameter, ...claimsParameter },
    deviceFlow: {
      ...spoken.deviceFlow,
      ...{ userCodeInputSource, userCodeConfirmSource, successSource },
      // Nothing is shown of it, so nothing is kept.
      deviceInfo: () => ({}),
    },
    dPoP: { ...spoken.dPoP, ...dpop(cookieKeys, clock) },
    fapi,
    introspection: { ...spoken.introspection, ...introspection(accounts, clock) },
    mTLS: mutualTls(certificates),
    resourceIndicators: { ...spoken.resourceIndicators, ...resourceIndicators },
    requestObjects: { ...spoken.requestObjects, assertJwtClaimsAndHeader },
    revocation: { ...spoken.revocation, ...revocation },
    rpInitiatedLogout: { ...spoken.rpInitiatedLogout, logoutSource, postLogoutSuccessSource },
  }
}
