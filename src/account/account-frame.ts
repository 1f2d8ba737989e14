import type { Middleware } from 'koa'
import type { MessageCode } from '../../config/messages.ts'
import { ownerOf } from '../people/signed-in.ts'
import { returnAddressOf } from '../ports/sso/client-links.ts'
import type { AccountLogin } from '../web/account-login.ts'
import type { Context, WebState } from '../web/context.ts'
import { forgeryToken, isForged } from '../web/http/forgery-token.ts'
import type { Render } from '../web/page/render-page.ts'
import { unitOf } from './account-overview.ts'

type Place = { readonly path: string; readonly title: MessageCode }

/** The tabs of 用户信息维护, in their order; `/account` itself is the first. They fit two rows on a narrow phone. */
const tabs: readonly Place[] = [
  { path: '/account/details', title: 'account.tab.details' },
  { path: '/account/password', title: 'account.tab.password' },
  { path: '/account/questions', title: 'account.tab.questions' },
  { path: '/account/sign-ins', title: 'account.tab.signIns' },
  { path: '/account/permissions', title: 'account.tab.permissions' },
]

/** Pages that people need seldom; their links stand at the foot of every account page. */
const more: readonly Place[] = [
  { path: '/account/records', title: 'account.records.title' },
  { path: '/account/data', title: 'account.data.title' },
  { path: '/account/close', title: 'account.close.title' },
]

/** Renders a page with the tabs around it; `token` and `formAction` are those of a form on this very address. */
export const framed =
  (render: Render, { signOut }: AccountLogin): Render =>
  (ctx, view, locals) => {
    const { account } = ownerOf(ctx.state)
    const placed = (places: readonly Place[]) =>
      places.map((each) => ({ ...each, here: `${ctx.path}/`.startsWith(`${each.path}/`) }))
    render(ctx, view, {
      formAction: ctx.path,
      token: forgeryToken(secretOf(ctx)),
      ...locals,
      stepper: undefined,
      tabs: placed(tabs),
      more: placed(more),
      signedInAs: account.username,
      signedInFor: unitOf(account)?.name,
      cameFrom: ctx.state.cameFrom && {
        name: ctx.state.cameFrom.name,
        address: returnAddressOf(ctx.state.cameFrom),
      },
      signOut,
    })
  }

/** Turns away a form that no page of this sign-in held; after `readForm`. */
export const unforged: Middleware<WebState> = async (ctx, next) => {
  if (isForged(secretOf(ctx), ctx.state.typed['token'])) ctx.throw(403)
  await next()
}

/** The browser's own id is a cookie that no other site can read. */
const secretOf = (ctx: Context): string =>
  `account ${ownerOf(ctx.state).signIn} ${ctx.state.browser}`
