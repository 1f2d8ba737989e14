/**
 * 用户信息维护 (guide, section 二, part 二): the pages below `/account`, for whoever is signed in.
 *
 * - Every path but the callback is behind `signedIn`: it leads to the login and back, and leaves `ctx.state.signedIn`
 *   (the account, and this sign-in's id for `accountSessions.endAll(account.id, { except: signIn })`).
 * - A page with a form that is proved (bank, SMS code, password) is a flow of one step (`details.ts`, `password.ts`,
 *   `questions.ts`): `FlowDefinition` with path `account/NAME`, its step's `page`, and `done`, which says what is now
 *   true. Such a flow belongs to the account that began it. `visit.signedIn` is there: `ownerOf(visit)`.
 * - Any other page is a plain route: `router.get('/account/NAME', (ctx) => framedRender(ctx, 'account/NAME', {…}))` and
 *   `router.post('/account/NAME', readForm, unforged, …)`, ending in a 303. Its form is the mixin `form`, or holds `token`.
 * - Views extend `/account/frame` and fill `block page`; the tabs are in `frame.ts`, sentences in config/messages/account/account.ts.
 */
import Router from '@koa/router'
import type { AccountLogin } from '../web/account-login.ts'
import type { WebState } from '../web/context.ts'
import { flowRoutes } from '../web/flow/flow-routes.ts'
import { seeOther } from '../web/http/see-other.ts'
import type { Render } from '../web/page/render-page.ts'
import { type DetailsPorts, details } from './account-details-flow.ts'
import { framed } from './account-frame.ts'
import { type ClosingPorts, closing } from './closing-flow.ts'
import { type PasswordPorts, password } from './password-change-flow.ts'
import { type PermissionsPorts, permissionsRoutes } from './permissions-routes.ts'
import { type DataPorts, dataRoutes } from './personal-data-routes.ts'
import { cameFrom } from './referring-client.ts'
import { signedIn } from './require-sign-in.ts'
import { type RecordsPorts, recordsRoutes } from './security-events-routes.ts'
import { type QuestionsPorts, questions } from './security-questions-flow.ts'
import { type SignInsPorts, signInsRoutes } from './sign-ins-routes.ts'

export type AccountPorts = DetailsPorts &
  PasswordPorts &
  QuestionsPorts &
  SignInsPorts &
  PermissionsPorts &
  RecordsPorts &
  DataPorts &
  ClosingPorts

export function accountRoutes(accountLogin: AccountLogin, ports: AccountPorts, render: Render) {
  const router = new Router<WebState>()
  const inFrame = framed(render, accountLogin)
  const inFrameIfAny: Render = (ctx, ...page) =>
    (ctx.state.signedIn ? inFrame : render)(ctx, ...page)

  router.get('/account/callback', (ctx) => accountLogin.back(ctx))
  router.use('/account', cameFrom(ports.clientLinks))
  router.use('/account', signedIn(accountLogin, ports.accounts, /^\/account\/close\/[^/]+\/done$/))
  router.get('/account', (ctx) => {
    seeOther(ctx, '/account/details')
  })
  router.use(flowRoutes(details, ports, inFrame).routes())
  router.use(flowRoutes(password, ports, inFrame).routes())
  router.use(flowRoutes(questions, ports, inFrame).routes())
  router.use(signInsRoutes(ports, inFrame).routes())
  router.use(permissionsRoutes(ports, inFrame).routes())
  router.use(recordsRoutes(ports, inFrame).routes())
  router.use(dataRoutes(ports, inFrame).routes())
  router.use(flowRoutes(closing, ports, inFrameIfAny).routes())
  return router
}
