import type { Middleware } from 'koa'

/**
 * Answers the pages' own script, which sends forms by fetch, with the target of a redirect in a header, since fetch can
 * neither read a redirect nor follow one to a client. Another site cannot use it: its requests with this header need a
 * preflight (Fetch, 3.3), which no page allows.
 */
export const scriptRedirects: Middleware = async (ctx, next) => {
  await next()
  const target = ctx.response.get('Location')
  if (ctx.get('X-Requested-With') !== 'fetch' || !target) return
  if (ctx.status < 300 || ctx.status >= 400) return
  ctx.remove('Location')
  ctx.set('X-Redirect', target)
  ctx.body = null
  ctx.status = 204
}
