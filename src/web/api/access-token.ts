import { protocol } from '../../../config/oidc.ts'
import type { Caller, Callers, PresentedToken } from '../../ports/sso/callers.ts'
import type { Context } from '../context.ts'

/** The algorithms of proofs (RFC 9449, 7.1). */
const algs = protocol.enabledJWA.dPoPSigningAlgValues.join(' ')

type Scheme = PresentedToken['scheme']

/** The access token of a request (RFC 6750, 2.1; RFC 9449, 7.1). */
export function presentedToken(ctx: Context): PresentedToken | undefined {
  const [, scheme, token] = /^(Bearer|DPoP) +([\w.~+/-]+=*)$/i.exec(ctx.get('Authorization')) ?? []
  if (!scheme || !token) return undefined
  return { scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token }
}

/** Tells how to present a token, and why the one that was presented is refused (RFC 6750, 3). */
export function challenge(
  ctx: Context,
  schemes: readonly Scheme[],
  params: Readonly<Record<string, string>>,
): void {
  const challengeOf = (scheme: Scheme) => {
    const all = { ...params, ...(scheme === 'DPoP' && { algs }) }
    return `${scheme} ${Object.entries(all)
      .map(([name, value]) => `${name}="${value}"`)
      .join(', ')}`
  }
  ctx.set('WWW-Authenticate', schemes.map(challengeOf))
}

/** The client of an interface that accepts bearer tokens only. Without one, the challenge is set. */
export async function bearerCaller(
  ctx: Context,
  callers: Pick<Callers, 'byToken'>,
  realm: string,
): Promise<Caller | undefined> {
  const presented = presentedToken(ctx)
  const isBearer = presented?.scheme === 'Bearer'
  const caller = isBearer ? await callers.byToken(presented.token) : undefined
  if (caller) ctx.state.log = ctx.state.log.child({ client: caller.clientId })
  else challenge(ctx, ['Bearer'], { realm, ...(isBearer && { error: 'invalid_token' }) })
  return caller
}
