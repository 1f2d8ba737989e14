import type { Client, Configuration, KoaContextWithOIDC } from 'oidc-provider'

/** RFC 9700, 2.1.1: a nonce protects a confidential client as well. */
export const needsPkce = ({ oidc }: KoaContextWithOIDC, client: Client): boolean =>
  client['require_pkce'] !== false ||
  client.clientAuthMethod === 'none' ||
  (client['require_nonce'] !== false && !oidc.params?.['nonce'])

/** Only a client that lives in browsers calls from one: from its own pages. */
export const mayCallFrom: NonNullable<Configuration['clientBasedCORS']> = (_ctx, origin, client) =>
  client.clientAuthMethod === 'none' &&
  (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin)
