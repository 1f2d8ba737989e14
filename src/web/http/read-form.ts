import { bodyParser } from '@koa/bodyparser'
import type { Middleware } from 'koa'
import type { WebState } from '../context.ts'
import { expectBody } from './expect-body.ts'

/** Every form is smaller than the limit. */
const parse = bodyParser({ enableTypes: ['form'], formLimit: '32kb' })

/**
 * Parses a form into `ctx.state.typed`, with one string per field. Another type, charset or coding, invalid UTF-8,
 * doubled or nested fields, and too large bodies are rejected with 400, 413 or 415. The schema of a form validates its
 * fields.
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

/** Browsers percent-encode UTF-8. Other bytes would be decoded to characters that nobody typed. */
function isUtf8(body: string): boolean {
  try {
    decodeURIComponent(body.replaceAll('+', ' '))
    return true
  } catch {
    return false
  }
}
