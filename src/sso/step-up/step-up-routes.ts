import Router from '@koa/router'
import type { Accounts } from '../../ports/accounts.ts'
import type { AccountLogin } from '../../web/account-login.ts'
import type { WebState } from '../../web/context.ts'
import { flowRoutes } from '../../web/flow/flow-routes.ts'
import { seeOther } from '../../web/http/see-other.ts'
import type { Render } from '../../web/page/render-page.ts'
import { type BankStepUpPorts, bankStepUp } from './bank-step-up.ts'
import { type SmsStepUpPorts, smsStepUp } from './sms-step-up.ts'

export type StepUpPorts = SmsStepUpPorts & BankStepUpPorts & { readonly accounts: Accounts }

/**
 * `/step-up/…`: the flows that raise the level of a sign-in, for people who are signed in. They start from an
 * authorization request.
 */
export function stepUpRoutes(accountLogin: AccountLogin, ports: StepUpPorts, render: Render) {
  const router = new Router<WebState>()
  router.use('/step-up', async (ctx, next) => {
    const present = await accountLogin.present(ctx)
    const account = present && (await ports.accounts.findById(present.accountId))
    if (account) ctx.state.signedIn = { account, signIn: present.signIn }
    await next()
  })
  router.get('/step-up', (ctx) => {
    const { interaction } = ctx.query
    seeOther(
      ctx,
      typeof interaction === 'string'
        ? `/interaction/${encodeURIComponent(interaction)}`
        : '/account',
    )
  })
  router.use(flowRoutes(smsStepUp, ports, render).routes())
  router.use(flowRoutes(bankStepUp, ports, render).routes())
  return router
}
