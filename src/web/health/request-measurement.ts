import type { Middleware } from 'koa'
import type { Instrumentation } from '../../ports/observability/instrumentation.ts'
import type { WebState } from '../context.ts'

/**
 * Measures each request by the pattern of its address, e.g. `/register/:id/:step`.
 * @param nameOf names a pattern in the measurements
 */
export const requestMeasurement =
  (
    { request, traceId }: Pick<Instrumentation, 'request' | 'traceId'>,
    nameOf: (pattern: string) => string,
  ): Middleware<WebState> =>
  (ctx, next) =>
    request(async () => {
      ctx.state.traceId = traceId()
      await next()
      const { method, status, path } = ctx
      return { route: nameOf(patternOf(ctx, path)), method, status }
    })

/** The pattern of the last route that matched, as @koa/router documents it. A file is served without a route. */
function patternOf(ctx: object, path: string): string {
  const { _matchedRoute: matched } = ctx as { readonly _matchedRoute?: unknown }
  if (typeof matched === 'string') return matched
  return path.startsWith('/assets/') ? '/assets/:file' : 'none'
}
