import { createHash } from 'node:crypto'
import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify } from 'jose'
import { protocol } from '../../../config/oidc.ts'
import type { PresentedToken, TokenRequest } from '../../ports/sso/callers.ts'

/** A verified proof: the thumbprint of its key, and the id by which a second use is found. */
export type DpopProof = { readonly jkt: string; readonly jti: string }

/** A proof may be so old, in seconds. */
export const proofAge = 300

/**
 * Verifies the DPoP proof of a request to an interface of ours (RFC 9449, 4.3), apart from its reuse. A proof needs no
 * nonce: the clients of these interfaces authenticate themselves, and no script of a page could prepare their proofs.
 */
export async function verifiedDpopProof(
  { token }: PresentedToken,
  { method, url, header }: TokenRequest,
  now: number,
): Promise<DpopProof | undefined> {
  try {
    const { payload, protectedHeader } = await jwtVerify(header('DPoP'), EmbeddedJWK, {
      algorithms: [...protocol.enabledJWA.dPoPSigningAlgValues],
      typ: 'dpop+jwt',
      currentDate: new Date(now),
      clockTolerance: protocol.clockTolerance,
      maxTokenAge: proofAge,
      requiredClaims: ['iat', 'jti', 'htm', 'htu', 'ath'],
    })
    const { jti, htm, htu, ath } = payload
    const isOfRequest =
      htm === method && addressOf(htu) === addressOf(url) && ath === sha256(token) && !!jti
    if (!isOfRequest || !protectedHeader.jwk) return undefined
    return { jkt: await calculateJwkThumbprint(protectedHeader.jwk), jti: String(jti) }
  } catch (error) {
    if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined
    throw error
  }
}

/** Without query and fragment, normalised as a URL. */
function addressOf(htu: unknown): string | undefined {
  const url = typeof htu === 'string' ? URL.parse(htu) : null
  return url ? url.origin + url.pathname : undefined
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url')
