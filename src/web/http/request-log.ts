import type { Middleware } from 'koa'
import type { Logger } from 'pino'
import type { WebState } from '../context.ts'

/** Logs one line per request, without query, flow ids, network address, and anything that a person typed. */
export const requestLog: Middleware<WebState> = async (ctx, next) => {
  const began = performance.now()
  await next()
  const { method, path, status } = ctx
  logRequest(ctx.state.log, { method, path, status }, began)
}

type Answered = { readonly method: string; readonly path: string; readonly status: number }

/** @param began the time of `performance.now()` at which the request began */
export function logRequest(log: Pick<Logger, 'info'>, answered: Answered, began: number): void {
  const ms = Math.round(performance.now() - began)
  log.info({ ...answered, path: anonymous(answered.path), ms }, 'request')
}

/** Replaces ids: `/register/<id>/login` becomes `/register/:id/login`. */
const anonymous = (path: string) => path.replace(/\/[\w-]{20,}(?=\/|\.|$)/g, '/:id').slice(0, 200)
