import { protocol } from '../../../../config/oidc.ts'
import type { ProviderPages, ProviderPorts } from '../provider-ports.ts'
import { claimsParameter } from './claims-parameter.ts'
import { registrationFeatures } from './client-registration.ts'
import { clientSignatures } from './client-signatures.ts'
import { dpop } from './dpop.ts'
import { fapi } from './fapi2.ts'
import type { Features } from './feature-types.ts'
import { introspection } from './introspection.ts'
import { mutualTls } from './mutual-tls.ts'
import { resourceIndicators } from './resource-servers.ts'
import { revocation } from './revocation.ts'

/** The features of the provider: `config/oidc.ts` turns them on, the files in this folder hold their options. */
export function providerFeatures(
  pages: ProviderPages,
  cookieKeys: readonly string[],
  {
    accounts,
    adminOrigin,
    certificates,
    clock,
    registration,
  }: Pick<ProviderPorts, 'accounts' | 'adminOrigin' | 'certificates' | 'clock' | 'registration'>,
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
      // No page shows the device's request, so it is not stored.
      deviceInfo: () => ({}),
    },
    dPoP: { ...spoken.dPoP, ...dpop(cookieKeys, clock) },
    fapi,
    introspection: { ...spoken.introspection, ...introspection(accounts, clock) },
    mTLS: mutualTls(certificates),
    resourceIndicators: { ...spoken.resourceIndicators, ...resourceIndicators(adminOrigin) },
    requestObjects: { ...spoken.requestObjects, assertJwtClaimsAndHeader },
    revocation: { ...spoken.revocation, ...revocation },
    rpInitiatedLogout: { ...spoken.rpInitiatedLogout, logoutSource, postLogoutSuccessSource },
  }
}
