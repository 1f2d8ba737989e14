import type { Provider } from 'oidc-provider'

/** The names of OpenID Connect Discovery and RFC 8414 with those of oidc-provider's routes. */
const routes = {
  authorization_endpoint: 'authorization',
  token_endpoint: 'token',
  userinfo_endpoint: 'userinfo',
  jwks_uri: 'jwks',
  end_session_endpoint: 'end_session',
  pushed_authorization_request_endpoint: 'pushed_authorization_request',
  introspection_endpoint: 'introspection',
  revocation_endpoint: 'revocation',
  device_authorization_endpoint: 'device_authorization',
} as const

/** The addresses of the endpoints that clients use, by their names in discovery. */
export const endpointsOf = (provider: Pick<Provider, 'urlFor'>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, provider.urlFor(route)]))
