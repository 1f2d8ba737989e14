/**
 * 用户信息维护 (guide, section 二, part 二): the pages below `/account`, for people who are signed in.
 *
 * - `requireSignIn` guards every path but the callback: it leads to the login and back, and sets `ctx.state.signedIn`
 *   (the account, and the id of this sign-in for `accountSessions.endAll(account.id, { except: signIn })`).
 * - A page whose form needs a proof (bank, SMS code, password) is a flow with one step, as in `account-details-flow.ts`:
 *   a `FlowDefinition` with the path `account/NAME`. The flow belongs to the account that began it; `ownerOf(visit)`
 *   returns that account.
 * - Any other page is a plain route, as in `sign-ins-routes.ts`: `router.get('/account/NAME', …)` renders it, and
 *   `router.post('/account/NAME', readForm, rejectForged, …)` ends in a 303. Its form uses the mixin `form` or holds `token`.
 * - Views extend `/account/frame` and fill `block page`. `account-frame.ts` lists the tabs; the sentences are in
 *   `config/messages/account/account-messages.ts`.
 */
import Router from '@koa/router'
import type { AccountLogin } from '../web/account-login.ts'
import type { WebState } from '../web/context.ts'
import { flowRoutes } from '../web/flow/flow-routes.ts'
import { seeOther } from '../web/http/see-other.ts'
import type { Render } from '../web/page/render-page.ts'
import { type AccountDetailsPorts, accountDetailsFlow } from './account-details-flow.ts'
import { renderInFrame } from './account-frame.ts'
import { type ClosingPorts, closingFlow } from './closing-flow.ts'
import { type PasswordChangePorts, passwordChangeFlow } from './password-change-flow.ts'
import { type PermissionsPorts, permissionsRoutes } from './permissions-routes.ts'
import { type PersonalDataPorts, personalDataRoutes } from './personal-data-routes.ts'
import { rememberReferringClient } from './referring-client.ts'
import { requireSignIn } from './require-sign-in.ts'
import { type SecurityEventsPorts, securityEventsRoutes } from './security-events-routes.ts'
import { type SecurityQuestionsPorts, securityQuestionsFlow } from './security-questions-flow.ts'
import { type SignInsPorts, signInsRoutes } from './sign-ins-routes.ts'

export type AccountPorts = AccountDetailsPorts &
  PasswordChangePorts &
  SecurityQuestionsPorts &
  SignInsPorts &
  PermissionsPorts &
  SecurityEventsPorts &
  PersonalDataPorts &
  ClosingPorts

export function accountRoutes(accountLogin: AccountLogin, ports: AccountPorts, render: Render) {
  const router = new Router<WebState>()
  const inFrame = renderInFrame(render, accountLogin)
  const inFrameIfSignedIn: Render = (ctx, ...page) =>
    (ctx.state.signedIn ? inFrame : render)(ctx, ...page)

  router.get('/account/callback', (ctx) => accountLogin.back(ctx))
  router.use('/account', rememberReferringClient(ports.clientLinks))
  router.use(
    '/account',
    requireSignIn(accountLogin, ports.accounts, /^\/account\/close\/[^/]+\/done$/),
  )
  router.get('/account', (ctx) => {
    seeOther(ctx, '/account/details')
  })
  router.use(flowRoutes(accountDetailsFlow, ports, inFrame).routes())
  router.use(flowRoutes(passwordChangeFlow, ports, inFrame).routes())
  router.use(flowRoutes(securityQuestionsFlow, ports, inFrame).routes())
  router.use(signInsRoutes(ports, inFrame).routes())
  router.use(permissionsRoutes(ports, inFrame).routes())
  router.use(securityEventsRoutes(ports, inFrame).routes())
  router.use(personalDataRoutes(ports, inFrame).routes())
  router.use(flowRoutes(closingFlow, ports, inFrameIfSignedIn).routes())
  return router
}
