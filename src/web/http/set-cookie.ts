import type { Context } from '../context.ts'

/**
 * Sets a cookie that scripts and other sites don't see. `path` narrows it to one flow; `maxAge` in ms, without it
 * the cookie ends with the browser. Secure wherever the issuer is https, whatever the hop before us speaks.
 */
export function setCookie(
  ctx: Context,
  name: string,
  value: string | null,
  more: { path?: string; maxAge?: number; signed?: boolean } = {},
): void {
  ctx.cookies.set(name, value, {
    httpOnly: true,
    sameSite: 'lax',
    overwrite: true,
    signed: false,
    ...more,
  })
}

/** A year in ms, for what a browser keeps. */
export const year = 365 * 24 * 3600 * 1000
