import { createHmac } from 'node:crypto'
import type { Middleware } from 'koa'
import type { Context, Device, WebState } from '../context.ts'
import { readCookie, setCookie, year } from './own-cookies.ts'

/** A browser remembers this many accounts: enough for a family, too few for an office. */
const maxAccounts = 5
const cookie = 'known'

/**
 * A browser that somebody signed in with before has its own limits for that account, so that a stranger cannot lock the
 * owner out (decisions 0074 and 0225). The cookie lists keyed digests of browser and account: they are useless in
 * another browser, and nobody else can create one. A new key comes first in `keys`; digests of the others are still
 * accepted.
 */
export const rememberedDevices =
  (keys: readonly string[]): Middleware<WebState> =>
  async (ctx, next) => {
    ctx.state.device = deviceOf(ctx, keys)
    await next()
  }

function deviceOf(ctx: Context, keys: readonly string[]): Device {
  const digests = (accountId: string) =>
    keys.map((key) =>
      createHmac('sha256', key)
        .update(JSON.stringify(['known browser', ctx.state.browser, accountId]))
        .digest('base64url')
        .slice(0, 22),
    )
  const listed = () => (readCookie(ctx, cookie) ?? '').split('.').slice(0, maxAccounts)

  return {
    isRemembered(accountId) {
      const known = listed()
      return digests(accountId).some((mine) => known.includes(mine))
    },
    remember(accountId) {
      const mine = digests(accountId)
      const others = listed().filter((entry) => entry && !mine.includes(entry))
      const value = [...mine.slice(0, 1), ...others].slice(0, maxAccounts).join('.')
      setCookie(ctx, cookie, value, { maxAge: year })
    },
  }
}
