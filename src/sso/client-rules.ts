import type { Client, KoaContextWithOIDC } from 'oidc-provider'

/** RFC 9700, 2.1.1: a nonce protects a confidential client as well. */
export const needsPkce = ({ oidc }: KoaContextWithOIDC, client: Client): boolean =>
  client['require_pkce'] !== false ||
  client.clientAuthMethod === 'none' ||
  (client['require_nonce'] !== false && !oidc.params?.['nonce'])
