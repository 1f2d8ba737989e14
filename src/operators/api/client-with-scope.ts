import type { AdminScope } from '../../../config/claims/own-scopes.ts'
import { askForScope, type CalledInterface, presentedCaller } from '../../web/api/access-token.ts'
import type { Context } from '../../web/context.ts'
import type { ApiProblem } from './api-problem.ts'

/** The id of the client whose access token is for the operators' API and has the scope. */
export async function clientWithScope(
  ctx: Context,
  scope: AdminScope,
  called: CalledInterface,
): Promise<{ readonly clientId: string } | ApiProblem> {
  const caller = await presentedCaller(ctx, called)
  if (!caller) return { name: 'invalid-token' }
  const { clientId, scopes } = caller
  if (scopes.has(scope)) return { clientId }
  askForScope(ctx, called.origin, scope)
  return { name: 'insufficient-scope' }
}
