import type { Middleware } from 'koa'
import type { ClientLink, ClientLinks } from '../ports/sso/client-links.ts'
import type { Context, WebState } from '../web/context.ts'
import { seeOther } from '../web/http/see-other.ts'
import { setCookie } from '../web/http/set-cookie.ts'

const cookie = 'system'
const path = '/account'

/**
 * `/account?system=CLIENT_ID` says which system the person came from. The pages below remember it in a cookie until the
 * browser is closed, and link back to it. A system that no operator approved is ignored.
 */
export const cameFrom =
  (systems: Pick<ClientLinks, 'approved'>): Middleware<WebState> =>
  async (ctx, next) => {
    const { system } = ctx.query
    if (ctx.method === 'GET' && system !== undefined) return remember(ctx, systems)
    const known = await knownSystem(ctx, systems)
    if (known) ctx.state.cameFrom = known
    await next()
  }

/** Leads to the same page without the parameter, which is none of its own. */
async function remember(ctx: Context, systems: Pick<ClientLinks, 'approved'>): Promise<void> {
  const { system } = ctx.query
  const found = typeof system === 'string' ? await systems.approved(system) : undefined
  if (found) setCookie(ctx, cookie, Buffer.from(found.id).toString('base64url'), { path })
  const query = new URLSearchParams(ctx.querystring)
  query.delete('system')
  seeOther(ctx, query.size ? `${ctx.path}?${query}` : ctx.path)
}

async function knownSystem(
  ctx: Context,
  systems: Pick<ClientLinks, 'approved'>,
): Promise<ClientLink | undefined> {
  const id = Buffer.from(ctx.cookies.get(cookie) ?? '', 'base64url').toString()
  return id ? systems.approved(id) : undefined
}
