/**
 * The origins of a client's own pages: only a public client calls from a browser, from the origins of its redirect
 * URIs. A private-use URI scheme of an app has no origin, and the origin `null` could be anybody's.
 */
export function originsOf({
  token_endpoint_auth_method: method,
  redirect_uris: uris = [],
}: {
  readonly token_endpoint_auth_method?: string | undefined
  readonly redirect_uris?: readonly string[] | undefined
}): string[] {
  if (method !== 'none') return []
  const origins = uris.map((uri) => URL.parse(uri)?.origin ?? 'null')
  return [...new Set(origins)].filter((origin) => origin !== 'null')
}
