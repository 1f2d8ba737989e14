import type { Client, KoaContextWithOIDC } from 'oidc-provider'
import { hasFapi2Profile as isMetadataFapi2 } from '../../clients/metadata/fapi2-rules.ts'

export const isFapi2 = (client: Client | undefined): boolean =>
  client !== undefined && isMetadataFapi2({ profile: client['profile'] })

/**
 * One field of the client's metadata turns the profile on; `src/sso/clients/metadata/fapi2-rules.ts` says what it
 * implies.
 */
export const fapi = {
  enabled: true,
  profile: (_ctx: KoaContextWithOIDC, client: Client) => (isFapi2(client) ? '2.0' : undefined),
} as const
