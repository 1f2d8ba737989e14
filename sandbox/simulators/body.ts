import { json } from 'node:stream/consumers'
import type { Context } from 'koa'
import * as z from 'zod'

export const text = z.string().min(1)

/** Normalises a phone number, with or without `+86`, to its digits. */
export const phone = z
  .string()
  .regex(/^[+ ]?\d{5,15}$/, 'must be a phone number')
  .transform((typed) => typed.replace(/^[+ ]/, '').replace(/^86(?=1\d{10}$)/, ''))

/** Parses the request's JSON, with any content type. Answers with 400 and a reason if it is invalid. */
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
