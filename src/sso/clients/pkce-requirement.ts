import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'

/** RFC 6749, 2.1: it can keep no secret. */
export const isPublic = (client: Client | undefined): boolean => client?.clientAuthMethod === 'none'

/** RFC 9700, 2.1.1: a nonce protects a confidential client as well. Asked where a request comes without PKCE. */
export function needsPkce({ oidc }: KoaContextWithOIDC, client: Client): boolean {
  if (client['require_pkce'] !== false || isPublic(client)) return true
  if (client['require_nonce'] === false || oidc.params?.['nonce']) return false
  throw new errors.InvalidRequest('nonce is required where PKCE is not used (require_pkce: false)')
}
