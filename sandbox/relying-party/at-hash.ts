import { createHash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'

/**
 * Whether the access token is the one that the ID token was issued with (OpenID Connect Core, section 3.1.3.8);
 * openid-client leaves this to its caller. An ID token without `at_hash` vouches for none, and may.
 */
export function accessTokenMatches(idToken: string, accessToken: string): boolean {
  const { at_hash: expected } = decodeJwt(idToken)
  if (expected === undefined) return true
  const { alg = '' } = decodeProtectedHeader(idToken)
  const digest = createHash(hashOf(alg)).update(accessToken).digest()
  return digest.subarray(0, digest.length / 2).toString('base64url') === expected
}

/** Ed25519 hashes with SHA-512 itself; all other names end in their hash's size. */
function hashOf(alg: string): string {
  const [size = '512'] = /(256|384|512)$/.exec(alg) ?? []
  return `sha${size}`
}
