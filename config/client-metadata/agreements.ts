import { terminalScope } from '../oidc.ts'

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
  (given) =>
    !signsNobodyIn(given) &&
    isEmpty(given['redirect_uris']) && ['redirect_uris', 'must hold one address or more'],
  (given) => signsNobodyIn(given) && !isEmpty(given['redirect_uris']) && needless('redirect_uris'),
  (given) =>
    signsNobodyIn(given) && !isEmpty(given['response_types']) && needless('response_types'),
  (given) =>
    !signsNobodyIn(given) &&
    given['scope'] !== undefined &&
    !holds(given['scope'], 'openid') && ['scope', 'must hold openid'],
  ({ token_endpoint_auth_method: method, grant_types }) =>
    method === 'none' &&
    holds(grant_types, 'client_credentials') && [
      'grant_types',
      'client_credentials are for a client that can prove who it is',
    ],
  (given) =>
    holds(given['scope'], terminalScope) &&
    !signsNobodyIn(given) && [
      'grant_types',
      `must be client_credentials alone (${terminalScope} needs it)`,
    ],
  ({ scope, token_endpoint_auth_method: method }) =>
    holds(scope, terminalScope) &&
    method !== 'private_key_jwt' && [
      'token_endpoint_auth_method',
      `must be private_key_jwt (${terminalScope} needs it)`,
    ],
]

const needless = (name: string): Problem => [
  name,
  'must hold none (client_credentials alone sign nobody in)',
]

/** It gets tokens for itself alone (RFC 6749, 4.4): a terminal, another system's back end. */
export const signsNobodyIn = ({ grant_types: grants }: Given): boolean =>
  Array.isArray(grants) && grants.length > 0 && grants.every((one) => one === 'client_credentials')

const isEmpty = (list: unknown): boolean =>
  list === undefined || (Array.isArray(list) && list.length === 0)

/** In a list, or in words with a space between. */
const holds = (list: unknown, word: string): boolean =>
  (typeof list === 'string' ? list.split(' ') : Array.isArray(list) ? list : []).includes(word)
