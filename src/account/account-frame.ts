import type { Middleware } from 'koa'
import type { MessageCode } from '../../config/messages.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import { returnAddressOf } from '../ports/sso/client-links.ts'
import type { AccountLogin } from '../web/account-login.ts'
import type { Context, WebState } from '../web/context.ts'
import { forgeryToken, isForged } from '../web/http/forgery-token.ts'
import type { Render } from '../web/page/render-page.ts'
import { unitSummaryOf } from './account-overview.ts'

type AccountPage = { readonly path: string; readonly title: MessageCode }

/** The tabs of 用户信息维护; `/account` leads to the first. More tabs would not fit two rows on a narrow phone. */
const tabs: readonly AccountPage[] = [
  { path: '/account/details', title: 'account.tab.details' },
  { path: '/account/password', title: 'account.tab.password' },
  { path: '/account/questions', title: 'account.tab.questions' },
  { path: '/account/sign-ins', title: 'account.tab.signIns' },
  { path: '/account/permissions', title: 'account.tab.permissions' },
]

/** Pages that are rarely needed, linked at the foot of every account page. */
const footPages: readonly AccountPage[] = [
  { path: '/account/records', title: 'account.records.title' },
  { path: '/account/data', title: 'account.data.title' },
  { path: '/account/close', title: 'account.close.title' },
]

/** Renders a page inside the tabs; `token` and `formAction` belong to a form that posts to the page's own address. */
export const renderInFrame =
  (render: Render, { signOut }: AccountLogin): Render =>
  (ctx, view, locals) => {
    const { account } = signedInOf(ctx.state)
    const withCurrent = (pages: readonly AccountPage[]) =>
      pages.map((page) => ({ ...page, here: `${ctx.path}/`.startsWith(`${page.path}/`) }))
    render(ctx, view, {
      formAction: ctx.path,
      token: forgeryToken(formSecretOf(ctx)),
      ...locals,
      stepper: undefined,
      tabs: withCurrent(tabs),
      more: withCurrent(footPages),
      signedInAs: account.username,
      signedInFor: unitSummaryOf(account)?.name,
      referringClient: ctx.state.referringClient && {
        name: ctx.state.referringClient.name,
        address: returnAddressOf(ctx.state.referringClient),
      },
      signOut,
    })
  }

/** Rejects a form without the token of this sign-in and browser with 403. Comes after `readForm`. */
export const rejectForged: Middleware<WebState> = async (ctx, next) => {
  if (isForged(formSecretOf(ctx), ctx.state.typed['token'])) ctx.throw(403)
  await next()
}

/** The secret contains the browser's id, which is in a cookie that no other site can read. */
const formSecretOf = (ctx: Context): string =>
  `account ${signedInOf(ctx.state).signIn} ${ctx.state.browser}`
