import { bodyParser } from '@koa/bodyparser'
import type { Middleware } from 'koa'
import type { WebState } from '../context.ts'
import { expectBody } from './expect-body.ts'

/** No form of ours is larger. */
const parse = bodyParser({ enableTypes: ['form'], formLimit: '32kb' })

/**
 * Reads a form into `ctx.state.typed`: one string a field. A body that is no form of ours (another type, charset or
 * coding, bytes that are no UTF-8, doubled or nested fields, too large) is turned away with 400, 413 or 415; what a
 * single field may hold is for the schema of its form to say.
 */
export const readForm: Middleware<WebState> = async (ctx, next) => {
  expectBody(ctx, 'application/x-www-form-urlencoded')
  await parse(ctx, async () => {})
  if (!isUtf8(ctx.request.rawBody ?? '')) ctx.throw(400)
  const typed: Record<string, string> = Object.create(null)
  for (const [field, value] of Object.entries(ctx.request.body ?? {})) {
    if (typeof value !== 'string') ctx.throw(400)
    typed[field] = value
  }
  ctx.state.typed = typed
  await next()
}

/** A browser percent-encodes UTF-8; anything else would be stored as something that nobody typed. */
function isUtf8(body: string): boolean {
  try {
    decodeURIComponent(body.replaceAll('+', ' '))
    return true
  } catch {
    return false
  }
}
