import { protocol } from '../../config/oidc.ts'
import type { Features } from './features/feature.ts'
import { revocation } from './features/revocation.ts'
import type { ProviderPages } from './provider.ts'

/** What the provider can do: that it does is `config/oidc.ts`'s to say, how stands in `features/`, a file each. */
export function features({ logoutSource, postLogoutSuccessSource }: ProviderPages): Features {
  const { features: spoken } = protocol
  return {
    ...spoken,
    rpInitiatedLogout: { ...spoken.rpInitiatedLogout, logoutSource, postLogoutSuccessSource },
    revocation: { ...spoken.revocation, ...revocation },
  }
}
