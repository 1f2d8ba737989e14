import { protocol } from '../../../config/oidc.ts'
import type { Caller, Callers, OwnResource, PresentedToken } from '../../ports/sso/callers.ts'
import type { Context } from '../context.ts'

/** The algorithms of proofs (RFC 9449, 7.1). */
const algs = protocol.enabledJWA.dPoPSigningAlgValues.join(' ')

type Scheme = PresentedToken['scheme']

/** The access token of a request (RFC 6750, 2.1; RFC 9449, 7.1). */
function presentedToken(ctx: Context): PresentedToken | undefined {
  const [, scheme, token] = /^(Bearer|DPoP) +([\w.~+/-]+=*)$/i.exec(ctx.get('Authorization')) ?? []
  if (!scheme || !token) return undefined
  return { scheme: scheme.toLowerCase() === 'dpop' ? 'DPoP' : 'Bearer', token }
}

/** Tells how to present a token, and why the one that was presented is refused (RFC 6750, 3). */
function challenge(
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

/** The interface that is called: its address without a path, as clients know it, and which tokens it accepts. */
export type CalledInterface = OwnResource & {
  readonly origin: string
  readonly callers: Callers
}

/** The client that calls an interface of ours. Without a valid token (401) the challenge is set. */
export async function presentedCaller(
  ctx: Context,
  { callers, origin, ...resource }: CalledInterface,
): Promise<Caller | undefined> {
  const presented = presentedToken(ctx)
  if (!presented) {
    challenge(ctx, ['Bearer', 'DPoP'], { realm: origin })
    return undefined
  }
  const request = {
    method: ctx.method,
    url: origin + ctx.path,
    header: (name: string) => ctx.get(name),
    ips: ctx.ips,
  }
  const caller = await callers.byToken(presented, request, resource)
  if (typeof caller === 'string') {
    challenge(ctx, [presented.scheme], { realm: origin, error: caller })
    return undefined
  }
  ctx.state.log = ctx.state.log.child({ client: caller.clientId })
  return caller
}

/** Sets the challenge for a valid token without the scope (403). */
export function askForScope(ctx: Context, origin: string, scope: string): void {
  const { scheme = 'Bearer' } = presentedToken(ctx) ?? {}
  challenge(ctx, [scheme], { realm: origin, error: 'insufficient_scope', scope })
}
