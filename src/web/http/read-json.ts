import { bodyParser } from '@koa/bodyparser'
import type { Context } from '../context.ts'
import { expectBody } from './expect-body.ts'

/** Every body is smaller than the limit. */
const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit: '16kb',
  // Without it, malformed JSON would be reported as a fault.
  onError: (error, ctx) => ctx.throw((error as { status?: number }).status ?? 400),
})

/** Parses the JSON object or array of a request; anything else is rejected with 400, 413 or 415. */
export async function readJson(ctx: Context): Promise<unknown> {
  expectBody(ctx, 'application/json')
  await parse(ctx, async () => {})
  return ctx.request.body
}
