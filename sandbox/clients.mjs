// Imports only Node.js's own modules, since `npm start` needs this file before any package is installed.

/** The sandbox's relying parties (业务系统), with the names and scopes of their registration. */
export const relyingParties = {
  exam: {
    id: 'exam-service',
    name: '考生服务系统',
    scope: 'openid profile phone identity verified_identity',
  },
  social: {
    id: 'social-service',
    name: '社保服务',
    scope: 'openid profile organisation',
    metadata: {
      grant_types: ['authorization_code', 'client_credentials'],
      scope: 'openid profile organisation ssf.manage',
    },
  },
}

/** A client that may request every scope, and for which the platform asks people for consent. */
export const playground = {
  id: 'playground',
  name: '开发者演练场',
  scope: 'openid profile phone identity organisation verified_identity offline_access',
  metadata: { grant_types: ['authorization_code', 'refresh_token'], first_party: false },
}

export const terminalClientId = 'terminal'

/**
 * The metadata of a 自助终端, which is authenticated by its key alone.
 * @param {object} jwk its public key
 */
export const terminalClient = (jwk) => ({
  client_id: terminalClientId,
  client_name: '自助终端',
  grant_types: ['client_credentials'],
  scope: 'terminal:phone-change',
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [jwk] },
})

/**
 * The client metadata of a relying party, for `SANDBOX_CLIENTS_FILE`.
 * @param {{ id: string, name: string, scope: string } & { metadata?: object }} config with further `metadata`, if any
 * @param {string} url without a slash at its end
 * @param {string} secret
 */
export function clientOf({ id, name, scope, metadata }, url, secret) {
  return {
    client_id: id,
    client_secret: secret,
    client_name: name,
    client_uri: `${url}/`,
    redirect_uris: [`${url}/callback`],
    post_logout_redirect_uris: [`${url}/signed-out`],
    backchannel_logout_uri: `${url}/backchannel-logout`,
    backchannel_logout_session_required: true,
    scope,
    first_party: true,
    ...metadata,
  }
}
