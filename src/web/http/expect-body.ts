import type { Context } from '../context.ts'

/** Rejects a body of another type or charset with 415. */
export function expectBody(ctx: Context, type: string): void {
  if (!ctx.is(type)) ctx.throw(415)
  if (!/^(utf-?8)?$/i.test(ctx.request.charset)) ctx.throw(415)
  // Browsers never compress a form. A compressed body could be corrupt, or a decompression bomb.
  if (ctx.get('Content-Encoding')) ctx.throw(415)
}
