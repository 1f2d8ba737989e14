import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Context } from '../../web/context.ts'

/**
 * oidc-provider parses a redirect URI to add its parameters and writes it down anew: `?next=%2Fb%20c` comes back as
 * `?next=%2Fb+c`. RFC 6749, 3.1.2, retains the query component; some clients compare or sign it. So the `Location` of
 * an answer is put together again: the address as it is registered, and after it what was added.
 */
export function exactRedirect(ctx: Context): void {
  const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>
  const location = ctx.response.get('Location')
  if (!oidc || !location) return
  const { client, params } = oidc
  // Signing out knows the address no more by then; what is registered is all that it can have been.
  const addresses = [
    ...[params?.['redirect_uri'] ?? ctx.query['redirect_uri']],
    ...(oidc.route.startsWith('end_session') ? (client?.postLogoutRedirectUris ?? []) : []),
  ].filter((address) => typeof address === 'string')
  const exact = new Set(addresses.flatMap((address) => withAdded(address, location) ?? []))
  const [only] = exact
  if (only && exact.size === 1) ctx.set('Location', only)
}

/** The address with what `location` adds to it; undefined where that is no answer to this address. */
export function withAdded(address: string, location: string): string | undefined {
  const [registered, answer] = [URL.parse(address), URL.parse(location)]
  // In a header stands ASCII; a fragment of its own it can't have (RFC 6749, 3.1.2).
  if (!registered || !answer || !/^[\x21-\x7e]+$/.test(address) || address.includes('#'))
    return undefined
  if (bare(registered) !== bare(answer)) return undefined
  const [before, after] = [[...registered.searchParams], [...answer.searchParams]]
  const isKept = before.every(([name, value], at) => {
    return after[at]?.[0] === name && after[at]?.[1] === value
  })
  if (!isKept) return undefined
  const added = new URLSearchParams(after.slice(before.length)).toString()
  return address + (added && separator(address) + added) + answer.hash
}

const bare = ({ protocol, username, password, host, pathname }: URL) =>
  JSON.stringify([protocol, username, password, host, pathname])

const separator = (address: string) => {
  const start = address.indexOf('?')
  if (start < 0) return '?'
  const query = address.slice(start + 1)
  return query === '' || query.endsWith('&') ? '' : '&'
}
