import { verifiedScope } from '../../../../config/claims/verified-claims.ts'
import type { ClientProblem, GivenMetadata } from '../../../ports/operators/managed-clients.ts'
import { changedNames } from './changed-names.ts'

/** The scopes of which another operator decides (specification of the operators' side, section 10). */
const powerfulScopes: readonly string[] = ['identity', verifiedScope]

/** The scopes that only the clients file and `npm run client` give. */
const reservedScope = /^(admin:|ssf\.|terminal:)/

/** Redirect URIs, keys and authentication, in the sense of the table of two persons, with what weakens the requests. */
const guarded: ReadonlySet<string> = new Set([
  'redirect_uris',
  'post_logout_redirect_uris',
  'sector_identifier_uri',
  'application_type',
  'grant_types',
  'response_modes',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'jwks',
  'jwks_uri',
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
  'tls_client_certificate_bound_access_tokens',
  'dpop_bound_access_tokens',
  'profile',
  'request_object_signing_alg',
  'require_nonce',
  'require_pkce',
  'require_pushed_authorization_requests',
  'require_signed_request_object',
])

/** Whether a change, or a new client without `before`, takes two persons. */
export const needsTwoPersons = (before: GivenMetadata, after: GivenMetadata): boolean =>
  (after['first_party'] === true && before['first_party'] !== true) ||
  added(wordsOf(before['scope']), wordsOf(after['scope'])).some(isPowerful) ||
  widensVerifiedClaims(before, after) ||
  (before['first_party'] === true && changedNames(before, after).some((name) => guarded.has(name)))

const isPowerful = (scope: string): boolean => powerfulScopes.includes(scope)

/**
 * `verified_claims` names what the client may see even without the scope. Without it the scopes decide, so that removing it
 * gives more if the client has the scope.
 */
function widensVerifiedClaims(before: GivenMetadata, after: GivenMetadata): boolean {
  const [had, has] = [before['verified_claims'], after['verified_claims']]
  if (has === undefined) return had !== undefined && wordsOf(after['scope']).includes(verifiedScope)
  const known = had === undefined && wordsOf(before['scope']).includes(verifiedScope)
  return !known && added(wordsOf(had), wordsOf(has)).length > 0
}

/** The powers that a change would give although only the clients file and `npm run client` give them. */
export function reservedPowers(
  before: GivenMetadata,
  after: GivenMetadata,
  adminOrigin: string,
): readonly ClientProblem[] {
  const [had, has] = [reservedIn(before, adminOrigin), reservedIn(after, adminOrigin)]
  return (['scope', 'resources'] as const).flatMap((field) => {
    const values = added(had[field], has[field])
    const params = { values: values.join(' ') }
    return values.length ? [{ field, code: 'clients.reserved', params } as const] : []
  })
}

/** Whether a client has powers that the console never gives, so that it must not change its keys either. */
export function hasReservedPower(metadata: GivenMetadata, adminOrigin: string): boolean {
  const { scope, resources } = reservedIn(metadata, adminOrigin)
  return scope.length + resources.length > 0
}

const reservedIn = ({ scope, resources }: GivenMetadata, adminOrigin: string) => ({
  scope: wordsOf(scope).filter((word) => reservedScope.test(word)),
  resources: wordsOf(resources).filter((uri) => URL.parse(uri)?.origin === adminOrigin),
})

const added = (before: readonly string[], after: readonly string[]) =>
  after.filter((word) => !before.includes(word))

/** The entries of a list, or the words of a text. */
const wordsOf = (value: unknown): readonly string[] =>
  typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value.map(String) : []
