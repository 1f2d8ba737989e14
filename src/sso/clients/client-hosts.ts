import type { Client } from 'oidc-provider'

export type ClientHosts = {
  /** The host of the client's home page; the host of its redirect URI if it names no home page. */
  readonly home?: string
  /**
   * The host of the redirect URI, if it differs from `home`: nobody has verified what a client names as its home page.
   */
  readonly answer?: string
}

export function clientHostsOf({ clientUri }: Client, redirectUri: unknown): ClientHosts {
  const answer = hostIn(redirectUri)
  const home = hostIn(clientUri) ?? answer
  if (!home) return {}
  return { home, ...(answer && answer !== home && { answer }) }
}

/**
 * The redirect URI of a native app has no host (RFC 8252, 7.1). International names stay in ASCII, so that no letter
 * looks like another.
 */
function hostIn(address: unknown): string | undefined {
  return (typeof address === 'string' && URL.parse(address)?.host) || undefined
}
