import type { Middleware } from 'koa'
import type { MessageCode } from '../../config/messages.ts'
import { wayBackTo } from '../ports/business-systems.ts'
import { ownerOf } from '../proofs/signed-in.ts'
import type { Context, WebState } from '../web/context.ts'
import type { Entrance } from '../web/entrance.ts'
import { forgeryToken, isForged } from '../web/forgery.ts'
import type { Render } from '../web/page.ts'

/** The tabs of 用户信息维护, in their order; `/account` itself is the first. */
const tabs: readonly { readonly path: string; readonly title: MessageCode }[] = [
  { path: '/account/details', title: 'account.details.title' },
  { path: '/account/password', title: 'account.password.title' },
  { path: '/account/questions', title: 'account.questions.title' },
  { path: '/account/sign-ins', title: 'account.signIns.title' },
  { path: '/account/permissions', title: 'account.permissions.title' },
  { path: '/account/records', title: 'account.records.title' },
  { path: '/account/data', title: 'account.data.title' },
  { path: '/account/close', title: 'account.close.title' },
]

/** Renders a page with the tabs around it; `token` and `formAction` are those of a form on this very address. */
export const framed =
  (render: Render, { signOut }: Entrance): Render =>
  (ctx, view, locals) =>
    render(ctx, view, {
      formAction: ctx.path,
      token: forgeryToken(secretOf(ctx)),
      ...locals,
      stepper: undefined,
      tabs: tabs.map((tab) => ({ ...tab, here: `${ctx.path}/`.startsWith(`${tab.path}/`) })),
      signedInAs: ownerOf(ctx.state).account.username,
      cameFrom: ctx.state.cameFrom && {
        name: ctx.state.cameFrom.name,
        address: wayBackTo(ctx.state.cameFrom),
      },
      signOut,
    })

/** Turns away a form that no page of this sign-in held; after `readForm`. */
export const unforged: Middleware<WebState> = async (ctx, next) => {
  if (isForged(secretOf(ctx), ctx.state.typed['token'])) ctx.throw(403)
  await next()
}

/** The browser's own id is a cookie that no other site can read. */
const secretOf = (ctx: Context): string =>
  `account ${ownerOf(ctx.state).signIn} ${ctx.state.browser}`
