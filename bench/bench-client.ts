import { callback, clients } from '../test/sso/platform.ts'

/** The resource server for which the client gets JWTs. */
export const resource = 'https://grades.bench.test/api'

/** The client of `bench/main.ts`, registered at the platform and at oidc-provider alone. */
export const benchClient = {
  client_id: 'bench',
  client_name: '测量',
  client_secret: clients.exam.client_secret,
  redirect_uris: [callback],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  id_token_signed_response_alg: 'ES256' as const,
}

/** The platform knows more of it than oidc-provider alone. */
export const benchClientOfPlatform = {
  ...benchClient,
  first_party: true,
  scope: 'openid offline_access profile phone identity',
  resources: [resource],
}
