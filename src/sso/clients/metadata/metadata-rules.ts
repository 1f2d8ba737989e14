import { adminScopes, streamScopes, terminalScope } from '../../../../config/claims/own-scopes.ts'
import { certificateMethods } from '../../../../config/oidc.ts'
import { certificateRules } from './certificate-rules.ts'
import { encryptionRules } from './encryption-rules.ts'
import { fapi2Rules } from './fapi2-rules.ts'
import { subjectRules } from './subject-rules.ts'
import {
  includesWord,
  isEmpty,
  type MetadataProblem,
  type MetadataRule,
  type UncheckedMetadata,
} from './unchecked-metadata.ts'

export const metadataRules: readonly MetadataRule[] = [
  ({ token_endpoint_auth_method: method, client_secret: secret }) =>
    String(method).startsWith('client_secret') &&
    secret === undefined && ['client_secret', 'metadata.secretNeeded', { method: String(method) }],
  ({ token_endpoint_auth_method: method, jwks, jwks_uri }) =>
    method === 'private_key_jwt' &&
    !jwks === !jwks_uri && ['jwks', 'metadata.eitherKeys', { method }],
  (given) =>
    (given['require_signed_request_object'] === true ||
      given['request_object_signing_alg'] !== undefined) &&
    !given['jwks'] &&
    !given['jwks_uri'] && ['jwks', 'metadata.keysForRequests'],
  ({ token_endpoint_auth_method: method, require_pkce }) =>
    method === 'none' && require_pkce === false && ['require_pkce', 'metadata.publicPkce'],
  ({ require_nonce, require_pkce }) =>
    require_nonce === false && require_pkce !== false && ['require_nonce', 'metadata.nonceAlone'],
  ({ scope, grant_types }) =>
    includesWord(scope, 'offline_access') &&
    !includesWord(grant_types, 'refresh_token') && ['grant_types', 'metadata.refreshGrant'],
  (given) =>
    usesAuthorizationEndpoint(given) &&
    isEmpty(given['redirect_uris']) && ['redirect_uris', 'metadata.someAddress'],
  (given) =>
    !usesAuthorizationEndpoint(given) &&
    !isEmpty(given['redirect_uris']) &&
    mustBeEmpty('redirect_uris'),
  (given) =>
    !usesAuthorizationEndpoint(given) &&
    !isEmpty(given['response_types']) &&
    mustBeEmpty('response_types'),
  (given) =>
    !usesClientCredentialsOnly(given) &&
    given['scope'] !== undefined &&
    !includesWord(given['scope'], 'openid') && ['scope', 'metadata.openid'],
  ({ token_endpoint_auth_method: method, grant_types }) =>
    method === 'none' &&
    includesWord(grant_types, 'client_credentials') && ['grant_types', 'metadata.provableClient'],
  (given) => {
    const scope = scopesOfMachines.find((one) => includesWord(given['scope'], one))
    return (
      scope !== undefined &&
      !usesClientCredentialsOnly(given) && ['grant_types', 'metadata.terminalGrant', { scope }]
    )
  },
  ({ scope: given, token_endpoint_auth_method: method }) => {
    const scope = adminScopes.find((one) => includesWord(given, one))
    const isStrong = ['private_key_jwt', ...certificateMethods].some((one) => one === method)
    return (
      scope !== undefined &&
      !isStrong && ['token_endpoint_auth_method', 'metadata.adminMethod', { scope }]
    )
  },
  ({ scope, token_endpoint_auth_method: method }) =>
    includesWord(scope, terminalScope) &&
    method !== 'private_key_jwt' && [
      'token_endpoint_auth_method',
      'metadata.terminalMethod',
      { scope: terminalScope },
    ],
  ({ scope, jwks }) =>
    includesWord(scope, terminalScope) &&
    !jwks && ['jwks', 'metadata.terminalKeys', { scope: terminalScope }],
  ({ scope, grant_types }) => {
    const asked = Object.values(streamScopes).find((one) => includesWord(scope, one))
    return (
      asked !== undefined &&
      !includesWord(grant_types, 'client_credentials') && [
        'grant_types',
        'metadata.streamGrant',
        { scope: asked },
      ]
    )
  },
  ...fapi2Rules,
  ...encryptionRules,
  ...certificateRules,
  ...subjectRules,
]

/** A token of a person never has them. */
const scopesOfMachines: readonly string[] = [terminalScope, ...adminScopes]

const mustBeEmpty = (name: string): MetadataProblem => [name, 'metadata.noAddress']

/** Whether people reach the authorization endpoint through this client. */
export const usesAuthorizationEndpoint = ({ grant_types: grants }: UncheckedMetadata): boolean =>
  !Array.isArray(grants) || grants.includes('authorization_code')

/** Whether the client gets tokens only for itself (RFC 6749, 4.4), as a terminal or a back end does. */
const usesClientCredentialsOnly = ({ grant_types: grants }: UncheckedMetadata): boolean =>
  Array.isArray(grants) && grants.every((one) => one === 'client_credentials')
