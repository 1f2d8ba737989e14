import { createHmac } from 'node:crypto'
import { decodeJwt, errors as joseErrors } from 'jose'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { protocol } from '../../../../config/oidc.ts'
import type { Clock } from '../../../ports/clock.ts'
import type { Feature } from './feature-types.ts'

/**
 * RFC 9449. A nonce is asked for where a script could have made proofs for later, of clients that live in browsers
 * (11.2); others may do with a clock that is right, and get a nonce if theirs is not. All processes know all nonces.
 */
export const dpop = ([key = '']: readonly string[], clock: Clock): Feature<'dPoP'> => ({
  nonceSecret: createHmac('sha256', key).update('DPoP nonces').digest(),
  /** Asked about each proof before it is looked at. */
  requireNonce(ctx) {
    refuseFuture(ctx, clock)
    return ctx.oidc.client?.clientAuthMethod === 'none'
  },
})

/**
 * FAPI 2.0 Security Profile, 5.3.2.1, everywhere and with a nonce as well, since at userinfo the client isn't known yet;
 * oidc-provider lets a proof without one be 300 s ahead.
 */
function refuseFuture(ctx: KoaContextWithOIDC, clock: Clock): void {
  const { iat, nbf } = claimsOf(ctx.get('DPoP'))
  const latest = clock() / 1000 + protocol.clockTolerance
  if ([iat, nbf].some((time) => time !== undefined && time > latest))
    throw new errors.InvalidDpopProof('DPoP proof is of the future')
}

/** What is no proof at all is for oidc-provider to refuse. */
function claimsOf(proof: string): { readonly iat?: number; readonly nbf?: number } {
  try {
    return decodeJwt(proof)
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return {}
    throw error
  }
}
