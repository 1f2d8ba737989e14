import type { Configuration } from 'oidc-provider'
import { loopbackHosts } from '../../../config/environment/setting-types.ts'
import { eventMediaType } from '../../../config/events.ts'
import { bodyEndingWith } from '../../ports/services/body-deadline.ts'

/**
 * Sends requests to clients. oidc-provider passes a `dispatcher`, which is documented and rejects addresses inside our
 * network, and a timeout of 2.5 s.
 * @param loopback lets logout messages and events, and nothing else, reach this machine: for development and tests
 * @param internal hosts inside our network that may be reached
 */
export const guardedFetch =
  (loopback: boolean, internal: readonly string[]): NonNullable<Configuration['fetch']> =>
  async (address, given: RequestInit & { readonly dispatcher?: unknown } = {}) => {
    const { dispatcher, ...options } = given
    const { hostname } = new URL(String(address))
    const isMessage = options.method === 'POST'
    const isHere = loopback && isMessage && loopbackHosts.includes(hostname)
    const unguarded = isHere || internal.includes(hostname)
    const guard = unguarded || !dispatcher ? {} : { dispatcher }
    const response = await fetch(address, { ...options, ...guard } as RequestInit)
    // Only the reason why a receiver refuses an event is read (RFC 8935, 2.4); cancelling the rest frees the connection.
    const isReason =
      response.status === 400 && new Headers(options.headers).get('Content-Type') === eventMediaType
    if (isMessage && !isReason) await response.body?.cancel()
    return options.signal ? bodyEndingWith(options.signal, response) : response
  }
