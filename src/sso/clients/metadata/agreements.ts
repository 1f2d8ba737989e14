import { terminalScope } from '../../../../config/oidc.ts'
import { certificateAgreements } from './certificate-agreements.ts'
import { fapi2Agreements } from './fapi2-agreements.ts'
import { subjectAgreements } from './subject-agreements.ts'
import { type Agreement, type Given, holds, isEmpty, type Problem } from './unchecked-metadata.ts'

export const agreements: readonly Agreement[] = [
  ({ token_endpoint_auth_method: method, client_secret: secret }) =>
    String(method).startsWith('client_secret') &&
    secret === undefined && ['client_secret', `is missing (${method} needs it)`],
  ({ token_endpoint_auth_method: method, jwks, jwks_uri }) =>
    method === 'private_key_jwt' &&
    !jwks === !jwks_uri && ['jwks', 'needs either jwks or jwks_uri (private_key_jwt)'],
  (given) =>
    (given['require_signed_request_object'] === true ||
      given['request_object_signing_alg'] !== undefined) &&
    !given['jwks'] &&
    !given['jwks_uri'] && ['jwks', 'needs jwks or jwks_uri (signed request objects)'],
  ({ token_endpoint_auth_method: method, require_pkce }) =>
    method === 'none' &&
    require_pkce === false && ['require_pkce', 'a public client can not do without PKCE'],
  ({ require_nonce, require_pkce }) =>
    require_nonce === false &&
    require_pkce !== false && ['require_nonce', 'only acts beside require_pkce: false'],
  ({ scope, grant_types }) =>
    holds(scope, 'offline_access') &&
    !holds(grant_types, 'refresh_token') && [
      'grant_types',
      'must hold refresh_token (offline_access needs it)',
    ],
  (given) =>
    sendsPeople(given) &&
    isEmpty(given['redirect_uris']) && ['redirect_uris', 'must hold one address or more'],
  (given) => !sendsPeople(given) && !isEmpty(given['redirect_uris']) && needless('redirect_uris'),
  (given) => !sendsPeople(given) && !isEmpty(given['response_types']) && needless('response_types'),
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
  ({ scope, jwks }) =>
    holds(scope, terminalScope) && !jwks && ['jwks', `must stand here (${terminalScope} needs it)`],
  ...fapi2Agreements,
  ...certificateAgreements,
  ...subjectAgreements,
]

const needless = (name: string): Problem => [
  name,
  'must hold none (without authorization_code nobody is sent here by it)',
]

/** Its people come to the authorization endpoint by browser. */
export const sendsPeople = ({ grant_types: grants }: Given): boolean =>
  !Array.isArray(grants) || grants.includes('authorization_code')

/** It gets tokens for itself alone (RFC 6749, 4.4): a terminal, another system's back end. */
const signsNobodyIn = ({ grant_types: grants }: Given): boolean =>
  Array.isArray(grants) && grants.every((one) => one === 'client_credentials')
