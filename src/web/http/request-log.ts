import type { Middleware } from 'koa'
import type { WebState } from '../context.ts'

/** Logs one line per request, without query, flow ids, network address, and anything that a person typed. */
export const requestLog: Middleware<WebState> = async (ctx, next) => {
  const began = performance.now()
  await next()
  const ms = Math.round(performance.now() - began)
  ctx.state.log.info(
    { method: ctx.method, path: anonymous(ctx.path), status: ctx.status, ms },
    'request',
  )
}

/** Replaces ids: `/register/<id>/login` becomes `/register/:id/login`. */
const anonymous = (path: string) => path.replace(/\/[\w-]{20,}(?=\/|\.|$)/g, '/:id').slice(0, 200)
