import { createHmac } from 'node:crypto'
import type { Context } from '../../web/context.ts'
import { setCookie, year } from '../../web/http/cookies.ts'

/** So many accounts does one browser remember: a family's, not an office's. */
const most = 5
const cookie = 'known'

/**
 * Browsers that somebody signed in with before count their own wrong passwords, so that a stranger can't lock the
 * owner out. The cookie lists keyed digests of browser and account: worth nothing to another browser, and nobody
 * else can make one. A new key may come first in `keys`; the others are still recognised.
 */
export function rememberedDevices(keys: readonly string[]) {
  const digest = (key: string, ctx: Context, accountId: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['known browser', ctx.state.browser, accountId]))
      .digest('base64url')
      .slice(0, 22)
  const digests = (ctx: Context, accountId: string) =>
    keys.map((key) => digest(key, ctx, accountId))
  const listed = (ctx: Context) => (ctx.cookies.get(cookie) ?? '').split('.').slice(0, most)

  return {
    isRemembered(ctx: Context, accountId: string): boolean {
      const known = listed(ctx)
      return digests(ctx, accountId).some((mine) => known.includes(mine))
    },
    remember(ctx: Context, accountId: string): void {
      const mine = digests(ctx, accountId)
      const others = listed(ctx).filter((entry) => entry && !mine.includes(entry))
      const value = [...mine.slice(0, 1), ...others].slice(0, most).join('.')
      setCookie(ctx, cookie, value, { maxAge: year, path: '/interaction' })
    },
  }
}
