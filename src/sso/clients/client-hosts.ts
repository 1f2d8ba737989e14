import type { Client } from 'oidc-provider'

export type ClientHosts = {
  /** Where the system lives: of its home page, else where the answer goes. */
  readonly home?: string
  /** Where the answer goes, if that is another host than the home page's: a home page is what the system says it is. */
  readonly answer?: string
}

export function hostsOf({ clientUri }: Client, redirectUri: unknown): ClientHosts {
  const answer = hostIn(redirectUri)
  const home = hostIn(clientUri) ?? answer
  if (!home) return {}
  return { home, ...(answer && answer !== home && { answer }) }
}

/** The address of an app on a phone has none (RFC 8252, 7.1). International names stay in ASCII: no letter looks like another. */
function hostIn(address: unknown): string | undefined {
  return (typeof address === 'string' && URL.parse(address)?.host) || undefined
}
