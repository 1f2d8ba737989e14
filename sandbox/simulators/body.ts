import { json } from 'node:stream/consumers'
import type { Context } from 'koa'
import * as z from 'zod'

export const text = z.string().min(1)

/** Any way to write a number, with `+86` or without, becomes its digits: eleven on the mainland. */
export const phone = z
  .string()
  .regex(/^[+ ]?\d{5,15}$/, 'must be a phone number')
  .transform((typed) => typed.replace(/^[+ ]/, '').replace(/^86(?=1\d{10}$)/, ''))

/** The request's JSON in the shape it must have, else 400 with a sentence. Without a content type too. */
export async function bodyOf<Shape extends z.ZodType>(
  ctx: Pick<Context, 'req' | 'throw'>,
  shape: Shape,
): Promise<z.infer<Shape>> {
  const body = await json(ctx.req).catch(() => ctx.throw(400, 'The body must be JSON.'))
  return shaped(ctx, shape, body)
}

export function shaped<Shape extends z.ZodType>(
  ctx: Pick<Context, 'throw'>,
  shape: Shape,
  given: unknown,
): z.infer<Shape> {
  const parsed = shape.safeParse(given)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(({ path, message }) => [...path, message].join(': '))
  return ctx.throw(400, `Not what this call takes: ${problems.join('; ')}.`)
}
