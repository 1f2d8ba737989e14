import { createRemoteJWKSet, jwtVerify } from 'jose'

/** The session that is signed out, or without `sid` all sessions of the person. */
export type SignedOut = { readonly sub?: string; readonly sid?: string }

const event = 'http://schemas.openid.net/event/backchannel-logout'
/** The maximum age of a logout token in seconds. */
const maxAge = 120

/**
 * Validates logout tokens (Back-Channel Logout 1.0, 2.6): signature, issuer, audience, age, event, subject or session, no
 * `nonce`, and no `jti` that was used before. Throws for an invalid token.
 */
export function logoutTokens({
  issuer,
  clientId,
  keysAt,
}: {
  readonly issuer: string
  readonly clientId: string
  readonly keysAt: () => Promise<string>
}): (token: string) => Promise<SignedOut> {
  let keys: ReturnType<typeof createRemoteJWKSet> | undefined
  /** The time in ms after which a `jti` can be deleted. */
  const seen = new Map<string, number>()

  return async (token) => {
    keys ??= createRemoteJWKSet(new URL(await keysAt()))
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience: clientId,
      algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti', 'events'],
      maxTokenAge: maxAge,
      clockTolerance: 5,
    })
    const { jti = '', sub, sid, nonce, events } = payload
    if (nonce !== undefined) throw new BadLogoutToken('it has a nonce')
    const happened = isObject(events) ? events[event] : undefined
    if (!isObject(happened)) throw new BadLogoutToken('it is about no logout')
    if (sid !== undefined && typeof sid !== 'string') throw new BadLogoutToken('sid is no string')
    if (sub === undefined && sid === undefined) throw new BadLogoutToken('it is about nobody')
    remember(jti)
    return { ...(sub && { sub }), ...(sid && { sid }) }
  }

  function remember(jti: string): void {
    const now = Date.now()
    for (const [old, until] of seen) if (until < now) seen.delete(old)
    if (seen.has(jti)) throw new BadLogoutToken('it came before')
    seen.set(jti, now + 2 * maxAge * 1000)
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

class BadLogoutToken extends Error {
  override readonly name = 'BadLogoutToken'
}
