import { answerAlgorithms, strongAlgorithms } from '../../../../config/oidc.ts'
import type { MetadataProblem, MetadataRule, UncheckedMetadata } from './unchecked-metadata.ts'

const algorithms = [
  ...answerAlgorithms,
  'userinfo_signed_response_alg',
  'token_endpoint_auth_signing_alg',
  'request_object_signing_alg',
] as const
const authentication: readonly unknown[] = [
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
]

export const hasFapi2Profile = ({ profile }: UncheckedMetadata): boolean => profile === 'fapi2'

export const isStrong = (algorithm: unknown): boolean =>
  strongAlgorithms.some((strong) => strong === algorithm)

/**
 * `profile: fapi2` turns on all of FAPI 2.0 Security Profile, 5.3.2 and 5.4.1. The metadata need not repeat what it
 * implies and must not contradict it.
 */
const rules: readonly MetadataRule[] = [
  ({ token_endpoint_auth_method: method }) =>
    !authentication.includes(method) && [
      'token_endpoint_auth_method',
      'metadata.fapi2OneOf',
      { values: authentication.join(', ') },
    ],
  (given) => isOff(given, 'require_pushed_authorization_requests'),
  (given) => isOff(given, 'require_pkce'),
  (given) => !isBoundByTls(given) && isOff(given, 'dpop_bound_access_tokens'),
  ...algorithms.map(
    (name): MetadataRule =>
      (given) =>
        given[name] !== undefined &&
        !isStrong(given[name]) && [
          name,
          'metadata.fapi2OneOf',
          { values: strongAlgorithms.join(', ') },
        ],
  ),
  ({ redirect_uris: uris, application_type: type }) =>
    Array.isArray(uris) &&
    !uris.every((uri) => isEncrypted(uri, type)) && ['redirect_uris', 'metadata.fapi2Https'],
  ({ jwks }) => hasShortKey(jwks) && ['jwks', 'metadata.fapi2ShortKey'],
]
export const fapi2Rules = rules.map(
  (agreement): MetadataRule =>
    (given) =>
      hasFapi2Profile(given) && agreement(given),
)

/** The metadata that the profile implies; they overwrite those of the client. */
export const fapi2Defaults = (given: UncheckedMetadata): UncheckedMetadata => ({
  require_pushed_authorization_requests: true,
  require_pkce: true,
  ...(!isBoundByTls(given) && { dpop_bound_access_tokens: true }),
  ...Object.fromEntries(
    answerAlgorithms
      .filter((name) => !isStrong(given[name]))
      .map((name) => [name, strongAlgorithms[0]]),
  ),
})

const isOff = (given: UncheckedMetadata, name: string): MetadataProblem | false =>
  given[name] === false && [name, 'metadata.fapi2Off']

const isBoundByTls = (given: UncheckedMetadata) =>
  given['tls_client_certificate_bound_access_tokens'] === true

/** An app may use its own loopback address without TLS (FAPI 2.0 Security Profile, 5.3.2.2). */
function isEncrypted(uri: unknown, type: unknown): boolean {
  const { protocol, hostname = '' } = URL.parse(String(uri)) ?? {}
  if (protocol !== 'http:') return true
  return type === 'native' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

function hasShortKey(jwks: unknown): boolean {
  const { keys } = (jwks ?? {}) as { readonly keys?: unknown }
  if (!Array.isArray(keys)) return false
  return keys.some((key: { n?: unknown } | null) => {
    const { n } = key ?? {}
    return typeof n === 'string' && Buffer.from(n, 'base64url').length < 256
  })
}
