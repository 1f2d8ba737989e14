import { bodyParser } from '@koa/bodyparser'
import type { Context } from '../context.ts'
import { expectBody } from './expect-body.ts'

/** No body of ours is larger. */
const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit: '16kb',
  // What is no JSON would be a fault.
  onError: (error, ctx) => ctx.throw((error as { status?: number }).status ?? 400),
})

/** The JSON object (or list) that a request holds; anything else is turned away with 400, 413 or 415. */
export async function readJson(ctx: Context): Promise<unknown> {
  expectBody(ctx, 'application/json')
  await parse(ctx, async () => {})
  return ctx.request.body
}
