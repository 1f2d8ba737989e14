import { randomUUID } from 'node:crypto'
import { METHODS } from 'node:http'
import Router from '@koa/router'
import type { Middleware } from 'koa'
import type { Logger } from 'pino'
import { Overloaded } from '../../ports/passwords.ts'
import type { Context, WebState } from '../context.ts'
import type { Render } from '../page/page.ts'

const told = [400, 403, 404, 405, 409, 410, 413, 415, 429, 503] as const
type Told = (typeof told)[number]

/** Answers a request that came to nothing, or to a fault. */
export type ShowError = (ctx: Context, status: number) => void

/** Gives the request its id and its log; a fault is logged once, here, and shown with that id and nothing else. */
export function errors(log: Logger, show: ShowError): Middleware<WebState> {
  return async (ctx, next) => {
    ctx.state.requestId = randomUUID()
    ctx.state.log = log.child({ requestId: ctx.state.requestId })
    ctx.set('X-Request-Id', ctx.state.requestId)
    try {
      await next()
      const { status } = ctx
      if ((status === 404 || status === 405) && ctx.body === undefined) show(ctx, status)
    } catch (error) {
      const status = statusOf(error)
      if (status >= 500) ctx.state.log.error({ err: error }, 'request failed')
      if (status === 503) ctx.set('Retry-After', '5')
      show(ctx, status)
    }
  }
}

/** Where an address takes other methods than this one: 405, and which it takes (RFC 9110, 15.5.6). */
export const otherMethods = () => new Router<WebState>({ methods: METHODS }).allowedMethods()

function statusOf(error: unknown): number {
  if (error instanceof Overloaded) return 503
  const { status, expose } = error as { status?: number; expose?: boolean }
  return expose && status ? status : 500
}

/** A neutral page. */
export const errorPages =
  (render: Render): ShowError =>
  (ctx, status) => {
    ctx.state.locale ??= 'zh-CN'
    const known = told.find((code) => code === status) ?? (status < 500 ? 400 : 500)
    render(ctx, 'error', { title: `error.${known}.title`, known: known satisfies Told | 500 })
    ctx.status = status
  }
