import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'

/**
 * Whether the access token matches `at_hash` of the ID token (OpenID Connect Core, section 3.1.3.8). openid-client leaves
 * this check to its caller. `at_hash` is optional, so an ID token without it matches any access token.
 */
export function accessTokenMatches(idToken: string, accessToken: string): boolean {
  const { at_hash: expected } = decodeJwt(idToken)
  if (expected === undefined) return true
  const { alg = '' } = decodeProtectedHeader(idToken)
  const digest = createHash(hashOf(alg)).update(accessToken).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url') === expected
}

/** The hash of a signature algorithm: SHA-512 for Ed25519; all other names end in the size of their hash. */
function hashOf(alg: string): string {
  const [size = '512'] = /(256|384|512)$/.exec(alg) ?? []
  return `sha${size}`
}
