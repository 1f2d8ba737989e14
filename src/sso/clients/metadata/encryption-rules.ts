import { verifiedScope } from '../../../../config/claims/verified-claims.ts'
import { contentEncryptions, encryptionMetadata } from '../../../../config/oidc.ts'
import { hasFapi2Profile } from './fapi2-rules.ts'
import { includesWord, type MetadataRule, type UncheckedMetadata } from './unchecked-metadata.ts'

/** The algorithms by which the client itself is answered; it encrypts request objects to our keys. */
const answers = encryptionMetadata.filter(([alg]) => alg !== 'request_object_encryption_alg')

/** The answers that may contain ID numbers, so that clients of FAPI 2.0 get them encrypted. */
const withIdNumbers = [
  'id_token_encrypted_response_alg',
  'userinfo_encrypted_response_alg',
  'introspection_encrypted_response_alg',
] as const

export const encryptionRules: readonly MetadataRule[] = [
  ...encryptionMetadata.flatMap(([alg, enc]): MetadataRule[] => [
    // Without it the standard's default would hold, A128CBC-HS256 (OpenID Connect Registration 1.0, 2).
    (given) =>
      given[alg] !== undefined &&
      given[enc] === undefined && [
        enc,
        'metadata.contentEncryption',
        { alg, values: contentEncryptions.join(', ') },
      ],
    (given) =>
      given[enc] !== undefined &&
      given[alg] === undefined && [alg, 'metadata.neededBy', { other: enc }],
  ]),
  ...answers.map(
    ([alg]): MetadataRule =>
      (given) =>
        given[alg] !== undefined &&
        given['jwks_uri'] === undefined &&
        !hasKeyFor(given, String(given[alg])) && ['jwks', 'metadata.noKeyFor', { alg }],
  ),
  (given) =>
    given['userinfo_encrypted_response_alg'] !== undefined &&
    given['userinfo_signed_response_alg'] === undefined && [
      'userinfo_signed_response_alg',
      'metadata.neededBy',
      { other: 'userinfo_encrypted_response_alg' },
    ],
  ...withIdNumbers.map(
    (alg): MetadataRule =>
      (given) =>
        hasFapi2Profile(given) &&
        receivesIdNumbers(given) &&
        given[alg] === undefined && [alg, 'metadata.fapi2Encrypted'],
  ),
]

/** Whether the client may get `id_number`, by a scope or the `claims` parameter. */
const receivesIdNumbers = ({ scope, verified_claims: names }: UncheckedMetadata): boolean =>
  includesWord(scope, 'identity') ||
  (includesWord(scope, verifiedScope) && (!Array.isArray(names) || names.includes('id_number')))

/** Whether the client's own keys have one for this algorithm (RFC 7517, 4.2 and 4.4). */
function hasKeyFor({ jwks }: UncheckedMetadata, algorithm: string): boolean {
  const { keys } = (jwks ?? {}) as { readonly keys?: unknown }
  if (!Array.isArray(keys)) return false
  return keys.some(({ kty, crv, use = 'enc', alg = algorithm }) => {
    if (use !== 'enc' || alg !== algorithm) return false
    if (algorithm === 'RSA-OAEP-256') return kty === 'RSA'
    return kty === 'EC' || (kty === 'OKP' && crv === 'X25519')
  })
}
