import type { Show } from '../access/console-frame.ts'
import { type ConsoleRouter, goTo } from '../access/console-router.ts'
import { setSession } from '../access/console-visit.ts'
import { operatorFactorPage } from './operator-factor-page.ts'
import { operatorLoginPage } from './operator-login-page.ts'
import type { OperatorSignInPorts, PendingSignIn } from './operator-sign-in-ports.ts'
import { pendingState } from './pending-sign-in.ts'

/** 操作员登录 in two pages, and 退出登录. */
export function operatorSignInRoutes(
  router: ConsoleRouter,
  ports: OperatorSignInPorts,
  show: Show,
) {
  const pending = pendingState<PendingSignIn>(ports.flows, 'operator-login', '/login')
  operatorLoginPage(router, pending, ports, show)
  operatorFactorPage(router, pending, ports, show)
  router.on('POST /logout', async (ctx, { id }) => {
    await ports.operators.endSession(id)
    setSession(ctx, null)
    return { did: { what: 'operator-signed-out' }, answer: goTo('/login?notice=ended') }
  })
}
