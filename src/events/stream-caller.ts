import { streamScopes } from '../../config/claims/own-scopes.ts'
import type { Callers } from '../ports/sso/callers.ts'
import { bearerCaller, challenge } from '../web/api/access-token.ts'
import type { Context } from '../web/context.ts'
import { StreamRefusal } from './stream-refusal.ts'

/**
 * Returns the client id of the receiver, by the access token that it received for itself, or rejects with 401 or 403 (RFC
 * 6750, 3). A token in the query is not accepted (CAEP Interoperability Profile 1.0, 2.7.3).
 */
export async function receiverOf(
  ctx: Context,
  { callers, issuer }: { readonly callers: Callers; readonly issuer: string },
  needs: keyof typeof streamScopes,
): Promise<string> {
  const caller = await bearerCaller(ctx, callers, issuer)
  if (!caller) throw new StreamRefusal(401, 'A valid access token is needed.')
  const { manage, read } = streamScopes
  const enough = needs === 'read' ? [read, manage] : [manage]
  if (!enough.some((scope) => caller.scopes.has(scope))) {
    const error = { error: 'insufficient_scope', scope: streamScopes[needs] }
    challenge(ctx, ['Bearer'], { realm: issuer, ...error })
    throw new StreamRefusal(403, `The access token needs the scope ${streamScopes[needs]}.`)
  }
  return caller.clientId
}
