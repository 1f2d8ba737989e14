import { streamScopes } from '../../config/claims/own-scopes.ts'
import type { Callers } from '../ports/sso/callers.ts'
import { askForScope, presentedCaller } from '../web/api/access-token.ts'
import type { Context } from '../web/context.ts'
import { StreamRefusal } from './stream-refusal.ts'

/**
 * Returns the client id of the receiver, by the access token that it received for itself, or rejects with 401 or 403 (RFC
 * 6750, 3; RFC 9449, 7.1). A token in the query is not accepted (CAEP Interoperability Profile 1.0, 2.7.3).
 */
export async function receiverOf(
  ctx: Context,
  { callers, issuer: origin }: { readonly callers: Callers; readonly issuer: string },
  needs: keyof typeof streamScopes,
): Promise<string> {
  const caller = await presentedCaller(ctx, { callers, origin })
  if (!caller) throw new StreamRefusal(401, 'A valid access token is needed.')
  const { manage, read } = streamScopes
  const enough = needs === 'read' ? [read, manage] : [manage]
  if (!enough.some((scope) => caller.scopes.has(scope))) {
    askForScope(ctx, origin, streamScopes[needs])
    throw new StreamRefusal(403, `The access token needs the scope ${streamScopes[needs]}.`)
  }
  return caller.clientId
}
