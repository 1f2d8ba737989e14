import type { Agreement } from './given.ts'

/** By which a certificate is recognised that an authority issued (RFC 8705, 2.1.2). */
export const subjectNames = [
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
] as const

export const certificateAgreements: readonly Agreement[] = [
  (given) => {
    const names = subjectNames.filter((name) => given[name] !== undefined)
    return (
      given['token_endpoint_auth_method'] === 'tls_client_auth' &&
      names.length !== 1 && [names[1] ?? subjectNames[0], `needs one of ${subjectNames.join(', ')}`]
    )
  },
  ({ token_endpoint_auth_method: method, jwks, jwks_uri }) =>
    method === 'self_signed_tls_client_auth' &&
    !jwks === !jwks_uri && ['jwks', `needs either jwks or jwks_uri (${method})`],
  ({ dpop_bound_access_tokens, tls_client_certificate_bound_access_tokens }) =>
    dpop_bound_access_tokens === true &&
    tls_client_certificate_bound_access_tokens === true && [
      'tls_client_certificate_bound_access_tokens',
      'can not act beside dpop_bound_access_tokens',
    ],
]
