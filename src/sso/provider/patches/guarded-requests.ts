import type { Provider } from 'oidc-provider'
import { assertSeam, internalModule } from '../assert-seam.ts'

const { default: fetchRequest } = await internalModule('helpers/fetch_request.js')

type Send = (provider: Provider, address: string, options: RequestInit) => Promise<Response>

/**
 * Patches: nothing; calls the function by which oidc-provider sends its own requests to clients.
 * Why: events for clients go the way of logout tokens, with the same time-out and the same refusal of addresses inside our
 * network, which oidc-provider passes to the documented option `fetch`.
 * Shown by: test/sso/outgoing-requests.test.ts.
 * On an upgrade: look at lib/helpers/fetch_request.js.
 */
export function assertGuardedRequests(send: unknown = fetchRequest): asserts send is Send {
  const isThere = typeof send === 'function' && send.length === 3
  assertSeam(isThere, 'guarded-requests', 'lib/helpers/fetch_request.js sends a request')
}

/** Sends a request that cannot reach addresses inside our network; ends after 2.5 s. */
export async function guardedRequest(
  provider: Provider,
  address: string,
  options: RequestInit,
): Promise<Response> {
  assertGuardedRequests(fetchRequest)
  return fetchRequest(provider, address, options)
}
