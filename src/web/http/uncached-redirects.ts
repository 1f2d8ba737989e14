import type { Middleware } from 'koa'

/**
 * Keeps every redirect out of caches: its address carries the id of a request or flow, a code or a `state`. A 307 or
 * 308 is cacheable by itself, a 204 too (RFC 9110, 15.1), and some caches store a 303 (RFC 9111, 3).
 */
export const uncachedRedirects: Middleware = async (ctx, next) => {
  await next()
  const isRedirect = ['Location', 'X-Redirect', 'Refresh'].some((name) => ctx.response.get(name))
  if (isRedirect) ctx.set('Cache-Control', 'no-store')
}
