import type { Context } from '../context.ts'

/** Turns away what is no body of this type in UTF-8: 415. */
export function expectBody(ctx: Context, type: string): void {
  if (!ctx.is(type)) ctx.throw(415)
  if (!/^(utf-?8)?$/i.test(ctx.request.charset)) ctx.throw(415)
  // Nobody packs so little; what does could be broken, or grow.
  if (ctx.get('Content-Encoding')) ctx.throw(415)
}
