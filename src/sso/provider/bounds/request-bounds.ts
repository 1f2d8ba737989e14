import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Policy } from '../../../../config/limits-and-lifetimes.ts'
import { type OpenRequestPorts, refuseTooManyOpen } from './open-request-limit.ts'
import { refuseOwnScopes } from './own-scopes.ts'
import { refuseLargeParameters } from './parameter-sizes.ts'

export type RequestBoundPorts = OpenRequestPorts & {
  readonly policy: Pick<Policy, 'requestParameters'>
}

/**
 * Bounds what a request may make us store (specification, section 5). As a validator of an extra parameter
 * (oidc-provider's `extraParams`) it runs for every authorization, device and pushed request, after the client is known
 * and before anything is stored.
 */
export const requestBounds = (ports: RequestBoundPorts) => ({
  state: async (ctx: KoaContextWithOIDC): Promise<void> => {
    refuseOwnScopes(ctx)
    refuseLargeParameters(ctx, ports.policy.requestParameters)
    await refuseTooManyOpen(ctx, ports)
  },
})
