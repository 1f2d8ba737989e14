import type Router from '@koa/router'
import type { Middleware } from 'koa'
import type { WebState } from '../context.ts'

type Stack = Router<WebState>['stack']
type RouteTable = Middleware<WebState> & { readonly router: { readonly stack: Stack } }

/**
 * One router of the routers of several parts: the first segment of the path finds the part, so that a request is not
 * compared with the routes of all others. Parts that share a segment are asked in the order in which they are given.
 * @throws for a route whose first segment is a parameter
 */
export function routeTable(parts: readonly Router<WebState>[]): RouteTable {
  const bySegment = new Map<string, Middleware<WebState>>()
  for (const part of parts) {
    const routes = part.routes() as Middleware<WebState>
    for (const segment of segmentsOf(part)) {
      const before = bySegment.get(segment)
      bySegment.set(segment, before ? (ctx, next) => before(ctx, () => routes(ctx, next)) : routes)
    }
  }
  const table: Middleware<WebState> = (ctx, next) => {
    const routes = bySegment.get(firstSegment(ctx.path))
    return routes ? routes(ctx, next) : next()
  }
  return Object.assign(table, { router: { stack: parts.flatMap(({ stack }) => stack) } })
}

function segmentsOf({ stack }: Pick<Router<WebState>, 'stack'>): ReadonlySet<string> {
  const routes = stack.filter(({ methods }) => methods.length > 0)
  const segments = routes.map(({ path }) => firstSegment(String(path)))
  const unknown = segments.find((segment) => !/^[\w.-]*$/.test(segment))
  if (unknown) throw new Error(`no route begins with a parameter: ${unknown}`)
  return new Set(segments)
}

/** Without case, as @koa/router compares paths. */
const firstSegment = (path: string): string => {
  const end = path.indexOf('/', 1)
  return path.slice(1, end < 0 ? undefined : end).toLowerCase()
}
