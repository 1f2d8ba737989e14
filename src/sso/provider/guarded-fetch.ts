import type { Configuration } from 'oidc-provider'
import { loopbackHosts } from '../../../config/env-values.ts'

/**
 * Requests to business systems. oidc-provider guards them against addresses of our own network and ends them after
 * 2.5 s. `internal` are hosts that lie there and may be asked and told all the same; `loopback` lets logout messages,
 * and nothing else, go to this machine: for desks and tests.
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
    // Nobody reads the answer to a message: the connection is free again.
    if (isMessage) await response.body?.cancel()
    return response
  }
