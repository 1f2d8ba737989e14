import { type MessageCode, say } from '../../../config/messages.ts'
import type { Operator } from '../../people/operator.ts'
import type { Context } from '../../web/context.ts'
import { type PageLocals, type Render, setRefusalStatus } from '../../web/page/render-page.ts'
import { pagesOf } from './console-access.ts'
import { consoleFormToken } from './console-visit.ts'

/** Answers a request; called after the audit event is stored. */
export type Answer = (ctx: Context) => void

/** Makes the answer that shows a page of the console. With `refusals` its status is that of the refusals. */
export type Show = (view: string, locals: PageLocals) => Answer

/**
 * Renders a page in the frame of the console: the navigation of what the role may, and the operator who is signed in.
 * `token` and `formAction` belong to a form that posts to the page's own address.
 */
export const consoleFrame =
  (render: Render): Show =>
  (view, locals) =>
  (ctx) => {
    const { operator } = ctx.state
    render(ctx, view, {
      formAction: ctx.path,
      typed: ctx.state.typed ?? {},
      ...locals,
      token: consoleFormToken(ctx),
      pages: operator ? pagesOf(operator.role).map((page) => isHere(page, ctx.path)) : [],
      signedInAs: operator && signedInAs(operator),
    })
    if (locals.refusals?.length) setRefusalStatus(ctx, locals.refusals)
  }

const isHere = (page: { readonly path: string; readonly title: MessageCode }, path: string) => ({
  ...page,
  here: page.path === '/' ? path === '/' : `${path}/`.startsWith(`${page.path}/`),
})

const signedInAs = ({ name, role }: Operator): string =>
  say('zh-CN', 'console.signedIn', { name, role: say('zh-CN', `role.${role}`) })
