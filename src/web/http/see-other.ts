import type { Context } from 'koa'

/** Redirects to another address, which the browser requests by GET whatever the method was (RFC 9110, 15.4.4). */
export function seeOther(ctx: Pick<Context, 'status' | 'redirect'>, address: string): void {
  ctx.status = 303
  ctx.redirect(address)
}
