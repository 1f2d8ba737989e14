/**
 * Where a client's own pages are: it calls from a browser only if it is public and lives there. An app's address of a
 * scheme of its own has no origin; what browsers call `null` is anybody's.
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
