import type { Middleware } from 'koa'

/**
 * Keeps redirects out of caches, since their addresses contain the id of a request or flow, a code or a `state`. A 307,
 * a 308 and a 204 are cacheable by default (RFC 9110, 15.1), and some caches store a 303 (RFC 9111, 3).
 */
export const uncachedRedirects: Middleware = async (ctx, next) => {
  await next()
  const isRedirect = ['Location', 'X-Redirect', 'Refresh'].some((name) => ctx.response.get(name))
  if (isRedirect) ctx.set('Cache-Control', 'no-store')
}
