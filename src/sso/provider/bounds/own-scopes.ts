import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { ownScopes } from '../../../../config/claims/own-scopes.ts'

/** Rejects scopes of a client's own tokens in a request about a person, with `invalid_scope`. */
export function refuseOwnScopes({ oidc }: KoaContextWithOIDC): void {
  const asked = String(oidc.params?.['scope'] ?? '').split(' ')
  const own = asked.find((scope) => ownScopes.includes(scope))
  if (own) throw new errors.InvalidScope('requested scope is only for tokens of the client', own)
}
