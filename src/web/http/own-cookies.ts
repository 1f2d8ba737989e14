import type { Context } from '../context.ts'

type CookieContext = Pick<Context, 'cookies'>

/**
 * Over https a cookie's name binds it to this host (`__Host-`, at the path `/`) or at least to https (`__Secure-`), so
 * that neither a sibling host nor plain http can plant one (RFC 6265bis, 4.1.3). Over http browsers refuse such names.
 */
function prefixed({ cookies }: CookieContext, name: string, path: string): string {
  if (!cookies.secure) return name
  return path === '/' ? `__Host-${name}` : `__Secure-${name}`
}

/** Reads a cookie that `setCookie` set at this path, or below it. */
export const readCookie = (ctx: CookieContext, name: string, path = '/'): string | undefined =>
  ctx.cookies.get(prefixed(ctx, name, path))

/**
 * Sets a cookie that is hidden from scripts and from other sites. `path` narrows it to one flow; `maxAge` in ms, without it
 * the cookie ends with the browser. Secure wherever the issuer is https, whatever the hop before us speaks.
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

/** A year in ms, for what a browser keeps. */
export const year = 365 * 24 * 3600 * 1000
