import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider'
import { protocol } from '../../../../config/oidc.ts'
import type { Clock } from '../../../ports/clock.ts'
import { isStrong } from '../../clients/metadata/fapi2-rules.ts'
import { isFapi2 } from './fapi2.ts'

type Claims = Readonly<Record<string, unknown>>
type SignatureCheck = (
  ctx: KoaContextWithOIDC,
  claims: Claims,
  header: Claims,
  client: Client,
) => void

/** Checks what a client signed, beyond the signature, audience and expiry that oidc-provider checks. */
export const clientSignatures = (clock: Clock) => ({
  /**
   * Client authentication (RFC 7523, 3). An assertion is valid for 10 minutes at most: a stolen one is then worthless,
   * and its `jti` need not be stored longer. With FAPI 2.0 `aud` is the issuer, as a string (Security Profile, 5.3.2.1).
   */
  assertion: ((ctx, claims, header, client) => {
    const wrong = signatureProblemOf(claims, header, client, clock)
    if (wrong) throw new errors.InvalidClientAuth(wrong)
    if (Number(claims['exp']) > clock() / 1000 + assertionLifetime + protocol.clockTolerance)
      throw new errors.InvalidClientAuth("'exp' is more than 10 minutes ahead")
    if (isFapi2(client) && claims['aud'] !== ctx.oidc.provider.issuer)
      throw new errors.InvalidClientAuth('audience (aud) must equal the issuer identifier url')
  }) satisfies SignatureCheck,

  /** Request objects (RFC 9101, 6). With FAPI 2.0 they are valid for an hour at most (Message Signing, 5.3.1). */
  requestObject: ((ctx, claims, header, client) => {
    // A pushed request was checked when it was pushed, or was made here from plain parameters.
    if (ctx.oidc.entities.PushedAuthorizationRequest) return
    const wrong = signatureProblemOf(claims, header, client, clock)
    if (wrong) throw new errors.InvalidRequestObject(wrong)
    if (!isFapi2(client)) return
    const { exp, nbf } = claims
    if (typeof exp !== 'number' || typeof nbf !== 'number' || exp <= nbf || exp - nbf > hour)
      throw new errors.InvalidRequestObject("'nbf' and 'exp' must be at most an hour apart")
  }) satisfies SignatureCheck,
})

const hour = 3600
/** In seconds. */
const assertionLifetime = 600

function signatureProblemOf({ iat }: Claims, { alg }: Claims, client: Client, clock: Clock) {
  // oidc-provider checks `iat` only if there is no `exp`.
  const latest = clock() / 1000 + protocol.clockTolerance
  if (iat !== undefined && !(Number(iat) <= latest)) return "'iat' is in the future"
  return isFapi2(client) && !isStrong(alg) ? 'alg is not allowed by the profile' : undefined
}
