import type { Client, KoaContextWithOIDC } from 'oidc-provider'

/** RFC 6749, 2.1: it can keep no secret. */
export const isPublic = (client: Client | undefined): boolean => client?.clientAuthMethod === 'none'

/** RFC 9700, 2.1.1: a nonce protects a confidential client as well. */
export const needsPkce = ({ oidc }: KoaContextWithOIDC, client: Client): boolean =>
  client['require_pkce'] !== false ||
  isPublic(client) ||
  (client['require_nonce'] !== false && !oidc.params?.['nonce'])
