import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'

/** A public client cannot keep a secret (RFC 6749, 2.1). */
export const isPublic = (client: Client | undefined): boolean => client?.clientAuthMethod === 'none'

/**
 * A nonce protects a confidential client as well as PKCE does (RFC 9700, 2.1.1). oidc-provider asks when a request has
 * no PKCE.
 */
export function needsPkce({ oidc }: KoaContextWithOIDC, client: Client): boolean {
  if (client['require_pkce'] !== false || isPublic(client)) return true
  if (client['require_nonce'] === false || oidc.params?.['nonce']) return false
  throw new errors.InvalidRequest('nonce is required where PKCE is not used (require_pkce: false)')
}
