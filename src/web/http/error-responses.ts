import { randomUUID } from 'node:crypto'
import { METHODS } from 'node:http'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Logger } from 'pino'
import { Outage } from '../../ports/outage.ts'
import { Overloaded } from '../../ports/passwords.ts'
import type { Context, WebState } from '../context.ts'
import type { Render } from '../page/render-page.ts'

const shownStatuses = [400, 403, 404, 405, 409, 410, 413, 415, 429, 503] as const
type ShownStatus = (typeof shownStatuses)[number]

/** Answers a request that failed. `error` is absent if nothing was thrown. */
export type ShowError = (ctx: Context, status: number, error?: unknown) => void

/** The `Retry-After` of a 503 that sets none itself, in seconds. */
const retryAfter = 5

/** Sets the request's id and log. A fault is logged here, once; its page shows the id and no detail. */
export function errorHandling(log: Logger, show: ShowError): Middleware<WebState> {
  return async (ctx, next) => {
    ctx.state.requestId = randomUUID()
    const { requestId, traceId } = ctx.state
    ctx.state.log = log.child({ requestId, ...(traceId && { traceId }) })
    ctx.set('X-Request-Id', ctx.state.requestId)
    try {
      await next()
      const { status } = ctx
      if ((status === 404 || status === 405) && ctx.body === undefined) show(ctx, status)
    } catch (error) {
      const status = statusOf(error)
      if (status >= 500) ctx.state.log.error({ err: error }, 'request failed')
      show(ctx, status, error)
      const { retryAfter: wait } = error as { readonly retryAfter?: number }
      if (status === 429 && wait) ctx.set('Retry-After', String(wait))
    }
    if (ctx.status === 503 && !ctx.response.get('Retry-After'))
      ctx.set('Retry-After', String(retryAfter))
  }
}

/** Answers 405 with the allowed methods if a route exists for other methods only (RFC 9110, 15.5.6). */
export const methodNotAllowed = () => new Router<WebState>({ methods: METHODS }).allowedMethods()

function statusOf(error: unknown): number {
  if (error instanceof Overloaded) return 503
  const { status, expose } = error as { status?: number; expose?: boolean }
  return expose && status ? status : 500
}

/** Shows an error page that discloses nothing about the cause. */
export const errorPages =
  (render: Render): ShowError =>
  (ctx, status, error) => {
    ctx.state.locale ??= 'zh-CN'
    const known = error instanceof Outage ? 'outage' : knownStatus(status)
    render(ctx, 'error', { title: `error.${known}.title`, known })
    ctx.status = status
  }

const knownStatus = (status: number): ShownStatus | 500 =>
  shownStatuses.find((code) => code === status) ?? (status < 500 ? 400 : 500)
