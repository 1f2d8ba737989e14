import { createHmac } from 'node:crypto'
import { decodeJwt, errors as joseErrors } from 'jose'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { protocol } from '../../../../config/oidc.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Feature } from './feature-types.ts'

/**
 * DPoP (RFC 9449). Clients in browsers need a nonce, since a script could prepare proofs for later (RFC 9449, 11.2).
 * Other clients need none if their clock is right, and get one otherwise. All processes accept the same nonces.
 */
export const dpop = ([key = '']: readonly string[], clock: Clock): Feature<'dPoP'> => ({
  nonceSecret: createHmac('sha256', key).update('DPoP nonces').digest(),
  /** oidc-provider asks this before it checks a proof. */
  requireNonce(ctx) {
    rejectFutureProof(ctx, clock)
    return ctx.oidc.client?.clientAuthMethod === 'none'
  },
})

/**
 * Rejects proofs of the future (FAPI 2.0 Security Profile, 5.3.2.1), for all clients and with a nonce too, since the
 * client is not known yet at userinfo. oidc-provider accepts a proof without a nonce up to 300 s ahead.
 */
function rejectFutureProof(ctx: KoaContextWithOIDC, clock: Clock): void {
  const { iat, nbf } = proofClaims(ctx.get('DPoP'))
  const latest = clock() / 1000 + protocol.clockTolerance
  if ([iat, nbf].some((time) => time !== undefined && time > latest))
    throw new errors.InvalidDpopProof('DPoP proof is of the future')
}

/** oidc-provider itself rejects malformed proofs. */
function proofClaims(proof: string): { readonly iat?: number; readonly nbf?: number } {
  try {
    return decodeJwt(proof)
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return {}
    throw error
  }
}
