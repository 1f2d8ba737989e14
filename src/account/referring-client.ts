import type { Middleware } from 'koa'
import type { ClientLink, ClientLinks } from '../ports/sso/client-links.ts'
import type { Context, WebState } from '../web/context.ts'
import { readCookie, setCookie } from '../web/http/own-cookies.ts'
import { seeOther } from '../web/http/see-other.ts'

const cookie = 'system'
const path = '/account'

/**
 * `/account?system=CLIENT_ID` names the client that led the person here. A session cookie keeps it, and the pages link
 * back to it. A client that no operator approved is ignored (decision 0175).
 */
export const rememberReferringClient =
  (clients: Pick<ClientLinks, 'findApproved'>): Middleware<WebState> =>
  async (ctx, next) => {
    const { system } = ctx.query
    if (ctx.method === 'GET' && system !== undefined) return storeReferringClient(ctx, clients)
    const client = await storedReferringClient(ctx, clients)
    if (client) ctx.state.referringClient = client
    await next()
  }

/** Redirects to the same page without the parameter, so that a bookmark or a copied address does not contain it. */
async function storeReferringClient(
  ctx: Context,
  clients: Pick<ClientLinks, 'findApproved'>,
): Promise<void> {
  const { system } = ctx.query
  const client = typeof system === 'string' ? await clients.findApproved(system) : undefined
  if (client) setCookie(ctx, cookie, Buffer.from(client.id).toString('base64url'), { path })
  const query = new URLSearchParams(ctx.querystring)
  query.delete('system')
  seeOther(ctx, query.size ? `${ctx.path}?${query}` : ctx.path)
}

async function storedReferringClient(
  ctx: Context,
  clients: Pick<ClientLinks, 'findApproved'>,
): Promise<ClientLink | undefined> {
  const id = Buffer.from(readCookie(ctx, cookie, path) ?? '', 'base64url').toString()
  return id ? clients.findApproved(id) : undefined
}
