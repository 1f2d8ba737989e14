import { createHmac } from 'node:crypto'
import type { Context } from '../../web/context.ts'
import { readCookie, setCookie, year } from '../../web/http/own-cookies.ts'

/** A browser remembers this many accounts: enough for a family, too few for an office. */
const maxAccounts = 5
const cookie = 'known'
const path = '/interaction'

/**
 * A browser that somebody signed in with before has its own count of wrong passwords, so that a stranger cannot lock
 * the owner out (decision 0074). The cookie lists keyed digests of browser and account: they are useless in another
 * browser, and nobody else can create one. A new key comes first in `keys`; digests of the others are still accepted.
 */
export function rememberedDevices(keys: readonly string[]) {
  const digest = (key: string, ctx: Context, accountId: string) =>
    createHmac('sha256', key)
      .update(JSON.stringify(['known browser', ctx.state.browser, accountId]))
      .digest('base64url')
      .slice(0, 22)
  const digests = (ctx: Context, accountId: string) =>
    keys.map((key) => digest(key, ctx, accountId))
  const listed = (ctx: Context) =>
    (readCookie(ctx, cookie, path) ?? '').split('.').slice(0, maxAccounts)

  return {
    isRemembered(ctx: Context, accountId: string): boolean {
      const known = listed(ctx)
      return digests(ctx, accountId).some((mine) => known.includes(mine))
    },
    remember(ctx: Context, accountId: string): void {
      const mine = digests(ctx, accountId)
      const others = listed(ctx).filter((entry) => entry && !mine.includes(entry))
      const value = [...mine.slice(0, 1), ...others].slice(0, maxAccounts).join('.')
      setCookie(ctx, cookie, value, { maxAge: year, path })
    },
  }
}
