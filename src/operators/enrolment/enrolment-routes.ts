import { seeOther } from '../../web/http/see-other.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { pendingState } from '../sign-in/pending-sign-in.ts'
import { type EnrolmentPorts, type EnrolmentState, enrolmentStepper } from './enrolment-state.ts'
import { invitationPage } from './invitation-page.ts'
import { secondFactorPage } from './second-factor-page.ts'

/** 设置操作员账号 → 设置第二因素 → 恢复码 → 完成. */
export function enrolmentRoutes(router: ConsoleRouter, ports: EnrolmentPorts, show: Show) {
  const pending = pendingState<EnrolmentState>(ports.flows, 'operator-setup', '/setup')
  invitationPage(router, pending, ports, show)
  secondFactorPage(router, pending, ports, show)

  router.open('GET /setup/recovery-codes', async (ctx) => {
    const state = await pending.read(ctx)
    if (state?.at !== 'codes') return ctx.throw(410)
    const { recoveryCodes } = state
    show('console/recovery-codes', {
      title: 'enrolment.codes.title',
      ...enrolmentStepper(2),
      recoveryCodes,
    })(ctx)
  })
  router.open('POST /setup/recovery-codes', (ctx) =>
    pending.change(ctx, async () => {
      seeOther(ctx, '/setup/done')
      return null
    }),
  )
  router.open('GET /setup/done', (ctx) =>
    show('console/done', { title: 'enrolment.done.title', ...enrolmentStepper(3) })(ctx),
  )
}
