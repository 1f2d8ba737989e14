import type { Configuration } from 'oidc-provider'

/**
 * Requests to business systems. oidc-provider guards them against addresses of our own network and ends them after
 * 2.5 s. `loopback` lets logout messages, or what metadata name by address, go to this machine: for desks and tests.
 */
export const outgoing =
  (loopback: {
    readonly messages: boolean
    readonly metadata: boolean
  }): NonNullable<Configuration['fetch']> =>
  async (address, given: RequestInit & { readonly dispatcher?: unknown } = {}) => {
    const { dispatcher, ...options } = given
    const isMessage = options.method === 'POST'
    const isOpen = isMessage ? loopback.messages : loopback.metadata
    const unguarded = isOpen && here.has(new URL(String(address)).hostname)
    const guard = unguarded || !dispatcher ? {} : { dispatcher }
    const response = await fetch(address, { ...options, ...guard } as RequestInit)
    // Nobody reads the answer to a message: the connection is free again.
    if (isMessage) await response.body?.cancel()
    return response
  }

const here: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])
