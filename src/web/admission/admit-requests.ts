import { randomInt } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Context, WebState } from '../context.ts'
import type { ShowError } from '../http/error-responses.ts'
import type { Admission, BoundedClass } from './admission.ts'
import { requestClassOf } from './request-class.ts'

type Refusing = {
  readonly hasSession: (cookies: string) => boolean
  /** The answer for people. */
  readonly page: (ctx: Context) => void
  /** The answer for programs. */
  readonly problem: ShowError
  readonly countRefused: (name: BoundedClass) => void
  readonly retryAfter: Policy['admission']['retryAfter']
}

/** Answers a request with 503 and `Retry-After` at once, before any work, if its class is not admitted. */
export const admitRequests =
  ({ admit }: Admission, refusing: Refusing): Middleware<WebState> =>
  async (ctx, next) => {
    const name = requestClassOf(ctx, () => refusing.hasSession(ctx.get('Cookie')))
    if (name === 'open') return next()
    const leave = admit(name, ctx.req)
    if (!leave) return refuse(ctx, name, refusing)
    try {
      await next()
    } finally {
      leave()
    }
  }

function refuse(ctx: Context, name: BoundedClass, refusing: Refusing): void {
  const { page, problem, countRefused, retryAfter } = refusing
  countRefused(name)
  if (name === 'token') problem(ctx, 503)
  else page(ctx)
  ctx.status = 503
  ctx.set('Retry-After', String(randomInt(retryAfter.least, retryAfter.most + 1)))
}
