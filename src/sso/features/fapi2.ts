import type { Client, KoaContextWithOIDC } from 'oidc-provider'
import { isFapi2 as isMetadataFapi2 } from '../../../config/client-metadata/fapi2.ts'

export const isFapi2 = (client: Client | undefined): boolean =>
  client !== undefined && isMetadataFapi2({ profile: client['profile'] })

/** By one switch in a client's metadata; what it brings there: `config/client-metadata/fapi2.ts`. */
export const fapi = {
  enabled: true,
  profile: (_ctx: KoaContextWithOIDC, client: Client) => (isFapi2(client) ? '2.0' : undefined),
} as const
