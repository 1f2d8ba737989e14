import type { Middleware } from 'koa'
import type { WebState } from '../context.ts'

type During = (request: () => Promise<{ readonly served: boolean }>) => Promise<void>

/** Gives back what a request took of its limits if it ends in an outage. */
export const limitsOfServedRequests =
  ({ during }: { readonly during: During }): Middleware<WebState> =>
  (ctx, next) =>
    during(async () => {
      await next()
      return { served: ctx.status !== 503 }
    })
