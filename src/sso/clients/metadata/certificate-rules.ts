import { certificateSubjects } from '../../../../config/oidc.ts'
import type { MetadataRule } from './unchecked-metadata.ts'

export const certificateRules: readonly MetadataRule[] = [
  (given) => {
    const names = certificateSubjects.filter((name) => given[name] !== undefined)
    return (
      given['token_endpoint_auth_method'] === 'tls_client_auth' &&
      names.length !== 1 && [
        names[1] ?? certificateSubjects[0],
        'metadata.oneSubject',
        { values: certificateSubjects.join(', ') },
      ]
    )
  },
  ({ token_endpoint_auth_method: method, jwks, jwks_uri }) =>
    method === 'self_signed_tls_client_auth' &&
    !jwks === !jwks_uri && ['jwks', 'metadata.eitherKeys', { method }],
  ({ dpop_bound_access_tokens, tls_client_certificate_bound_access_tokens }) =>
    dpop_bound_access_tokens === true &&
    tls_client_certificate_bound_access_tokens === true && [
      'tls_client_certificate_bound_access_tokens',
      'metadata.oneBinding',
    ],
]
