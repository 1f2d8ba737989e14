import Router from '@koa/router'
import type { WebState } from '../context.ts'
import { isSameSecret } from '../http/same-secret.ts'

/**
 * `/metrics` in the text format of Prometheus.
 * @param token wanted as bearer token (RFC 6750) if there is one
 */
export function metricsRoute(
  scrape: () => Promise<{ readonly type: string; readonly text: string }>,
  token: string | undefined,
) {
  const router = new Router<WebState>()
  router.get('/metrics', async (ctx) => {
    ctx.set('Cache-Control', 'no-store')
    const [, given = ''] = /^Bearer +(.+)$/i.exec(ctx.get('Authorization')) ?? []
    if (token && !isSameSecret(token, given)) {
      ctx.status = 401
      ctx.set('WWW-Authenticate', 'Bearer')
      ctx.body = 'METRICS_TOKEN is wanted as bearer token\n'
      return
    }
    const { type, text } = await scrape()
    ctx.type = type
    ctx.body = text
  })
  return router
}
