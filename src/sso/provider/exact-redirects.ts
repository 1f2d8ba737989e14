import type { KoaContextWithOIDC } from 'oidc-provider'
import type { Context } from '../../web/context.ts'

/**
 * Restores the redirect URI as it is registered. oidc-provider parses it to add parameters and serialises it
 * differently: `?next=%2Fb%20c` becomes `?next=%2Fb+c`. The query component must be retained (RFC 6749, 3.1.2), and
 * some clients compare or sign it.
 */
export function exactRedirect(ctx: Context): void {
  const { oidc } = ctx as unknown as Partial<KoaContextWithOIDC>
  const location = ctx.response.get('Location')
  if (!oidc || !location) return
  const { client, params } = oidc
  // After a logout the requested address is no longer known; it was one of the registered ones.
  const addresses = [
    ...[params?.['redirect_uri'] ?? ctx.query['redirect_uri']],
    ...(oidc.route.startsWith('end_session') ? (client?.postLogoutRedirectUris ?? []) : []),
  ].filter((address) => typeof address === 'string')
  const exact = new Set(addresses.flatMap((address) => appendAdded(address, location) ?? []))
  const [only] = exact
  if (only && exact.size === 1) ctx.set('Location', only)
}

/** Appends to the address what `location` adds to it; undefined if `location` is not a redirect to this address. */
export function appendAdded(address: string, location: string): string | undefined {
  const [registered, answer] = [URL.parse(address), URL.parse(location)]
  // A header is ASCII, and a redirect URI has no fragment (RFC 6749, 3.1.2).
  if (!registered || !answer || !/^[\x21-\x7e]+$/.test(address) || address.includes('#'))
    return undefined
  if (addressWithoutQuery(registered) !== addressWithoutQuery(answer)) return undefined
  const [before, after] = [[...registered.searchParams], [...answer.searchParams]]
  const isKept = before.every(([name, value], at) => {
    return after[at]?.[0] === name && after[at]?.[1] === value
  })
  if (!isKept) return undefined
  const added = new URLSearchParams(after.slice(before.length)).toString()
  return address + (added && separator(address) + added) + answer.hash
}

const addressWithoutQuery = ({ protocol, username, password, host, pathname }: URL) =>
  JSON.stringify([protocol, username, password, host, pathname])

const separator = (address: string) => {
  const start = address.indexOf('?')
  if (start < 0) return '?'
  const query = address.slice(start + 1)
  return query === '' || query.endsWith('&') ? '' : '&'
}
