import type { Context } from '../context.ts'

type CookieContext = Pick<Context, 'cookies'>

/**
 * The prefix of a cookie's name over https binds the cookie to this host (`__Host-`, at the path `/`) or at least to
 * https (`__Secure-`), so that neither a sibling host nor plain http can set it (RFC 6265bis, 4.1.3). Browsers reject
 * such names over http.
 */
function prefixed({ cookies }: CookieContext, name: string, path: string): string {
  if (!cookies.secure) return name
  return path === '/' ? `__Host-${name}` : `__Secure-${name}`
}

/** Reads a cookie that `setCookie` set at this path, or below it. */
export const readCookie = (ctx: CookieContext, name: string, path = '/'): string | undefined =>
  ctx.cookies.get(prefixed(ctx, name, path))

/**
 * Sets a cookie that is hidden from scripts and from other sites. `path` restricts it to one flow; `maxAge` is in ms,
 * without it the cookie ends with the browser. It is `Secure` if the issuer is https, even if the proxy speaks http.
 */
export function setCookie(
  ctx: CookieContext,
  name: string,
  value: string | null,
  { path = '/', ...more }: { path?: string; maxAge?: number } = {},
): void {
  ctx.cookies.set(prefixed(ctx, name, path), value, {
    httpOnly: true,
    sameSite: 'lax',
    overwrite: true,
    signed: false,
    path,
    ...more,
  })
}

/** A year in ms, the `maxAge` of the browser's id and preferences. */
export const year = 365 * 24 * 3600 * 1000
