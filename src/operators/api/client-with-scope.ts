import type { AdminScope } from '../../../config/claims/own-scopes.ts'
import type { Callers, OwnResource } from '../../ports/sso/callers.ts'
import { challenge, presentedToken } from '../../web/api/access-token.ts'
import type { Context } from '../../web/context.ts'
import type { ApiProblem } from './api-problem.ts'

/** The id of the client whose access token is for the operators' API and has the scope. */
export async function clientWithScope(
  ctx: Context,
  scope: AdminScope,
  resource: OwnResource,
  callers: Pick<Callers, 'forResource'>,
): Promise<{ readonly clientId: string } | ApiProblem> {
  const { audience: realm } = resource
  const presented = presentedToken(ctx)
  const refuse = (params: Readonly<Record<string, string>>) => {
    // Without a token, both schemes are named; with one, only its own.
    const schemes = presented ? [presented.scheme] : (['Bearer', 'DPoP'] as const)
    challenge(ctx, schemes, { realm, ...params })
  }
  if (!presented) {
    refuse({})
    return { name: 'invalid-token' }
  }
  const caller = await callers.forResource(resource, presented, {
    method: ctx.method,
    url: realm + ctx.path,
    header: (name) => ctx.get(name),
    ips: ctx.ips,
  })
  if (typeof caller === 'string') {
    refuse({ error: caller })
    return { name: 'invalid-token' }
  }
  const { clientId, scopes } = caller
  ctx.state.log = ctx.state.log.child({ client: clientId })
  if (scopes.has(scope)) return { clientId }
  refuse({ error: 'insufficient_scope', scope })
  return { name: 'insufficient-scope' }
}
