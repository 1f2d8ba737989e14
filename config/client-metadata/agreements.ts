/** Metadata before anything is known of its types: every problem is told at once, whatever else is wrong. */
type Given = Readonly<Record<string, unknown>>
type Problem = readonly [name: string, message: string]
/** What must agree between names. */
export type Agreement = (given: Given) => Problem | false

export const agreements: readonly Agreement[] = [
  ({ token_endpoint_auth_method: method, client_secret: secret }) =>
    String(method).startsWith('client_secret') &&
    secret === undefined && ['client_secret', `is missing (${method} needs it)`],
  ({ token_endpoint_auth_method: method, jwks, jwks_uri }) =>
    method === 'private_key_jwt' &&
    !jwks === !jwks_uri && ['jwks', 'needs either jwks or jwks_uri (private_key_jwt)'],
  ({ token_endpoint_auth_method: method, require_pkce }) =>
    method === 'none' &&
    require_pkce === false && ['require_pkce', 'a public client can not do without PKCE'],
  ({ scope, grant_types }) =>
    holds(scope, 'offline_access') &&
    !holds(grant_types, 'refresh_token') && [
      'grant_types',
      'must hold refresh_token (offline_access needs it)',
    ],
]

/** In a list, or in words with a space between. */
const holds = (list: unknown, word: string): boolean =>
  (typeof list === 'string' ? list.split(' ') : Array.isArray(list) ? list : []).includes(word)
