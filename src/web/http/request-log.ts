import type { Middleware } from 'koa'
import type { WebState } from '../context.ts'

/** One line a request: no query, no ids of flows, no address, nothing that a person typed. */
export const requestLog: Middleware<WebState> = async (ctx, next) => {
  const began = performance.now()
  await next()
  const ms = Math.round(performance.now() - began)
  ctx.state.log.info(
    { method: ctx.method, path: anonymous(ctx.path), status: ctx.status, ms },
    'request',
  )
}

/** `/register/<id>/login` becomes `/register/:id/login`. */
const anonymous = (path: string) => path.replace(/\/[\w-]{20,}(?=\/|\.|$)/g, '/:id').slice(0, 200)
