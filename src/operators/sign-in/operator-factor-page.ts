import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Context } from '../../web/context.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { setSession } from '../access/console-visit.ts'
import { checkFactor } from './check-factor.ts'
import type { OperatorSignInPorts, PendingSignIn } from './operator-sign-in-ports.ts'
import { passkeyForm } from './passkey-form.ts'
import { newChallenge, type pendingState } from './pending-sign-in.ts'

/** 验证第二因素: 动态口令, 通行密钥 or 恢复码. */
export function operatorFactorPage(
  router: ConsoleRouter,
  pending: ReturnType<typeof pendingState<PendingSignIn>>,
  ports: OperatorSignInPorts,
  show: Show,
) {
  const { audit, operators, signInTries } = ports

  async function factorPage(ctx: Context, state: PendingSignIn, refusals: readonly Refusal[] = []) {
    const operator = state.operatorId ? await operators.findById(state.operatorId) : undefined
    const { passkeys = [], totpSecret } = operator?.credentials ?? {}
    const hasPasskey = state.rests || passkeys.length > 0
    show('console/factor', {
      title: 'operatorFactor.title',
      formAction: '/login/factor',
      hasTotp: !state.rests && totpSecret !== undefined,
      passkey: hasPasskey ? await passkeyForm(state, ports) : undefined,
      refusals,
    })(ctx)
  }

  const recoveryPage = (ctx: Context, refusals: readonly Refusal[] = []) =>
    show('console/recovery', {
      title: 'operatorRecovery.title',
      formAction: '/login/factor',
      refusals,
    })(ctx)

  const expired = (ctx: Context) => seeOther(ctx, '/login?notice=expired')

  router.open('GET /login/factor', async (ctx) => {
    const state = await pending.read(ctx)
    return state ? factorPage(ctx, state) : expired(ctx)
  })
  router.open('GET /login/recovery', async (ctx) => {
    const state = await pending.read(ctx)
    return state ? recoveryPage(ctx) : expired(ctx)
  })

  router.open('POST /login/factor', async (ctx) => {
    const { typed } = ctx.state
    const factor = factors.find((one) => one === typed['action']) ?? 'code'
    const { address } = visitorOf(ctx, false)
    await pending.change(ctx, async (state) => {
      if (!state) return void expired(ctx)
      const checked = await checkFactor(factor, typed, state, address, ports)
      const refusal = 'code' in checked ? checked : await start(ctx, checked, state, address)
      if (!refusal) {
        seeOther(ctx, state.to)
        return null
      }
      // A challenge is good for one answer.
      const next = { ...state, challenge: newChallenge() }
      if (factor === 'recovery') recoveryPage(ctx, [refusal])
      else await factorPage(ctx, next, [refusal])
      return next
    })
  })

  /** Starts the session, which ends an earlier one. The audit event is stored before the answer goes out. */
  async function start(
    ctx: Context,
    operator: Exclude<Awaited<ReturnType<typeof checkFactor>>, Refusal>,
    { username }: PendingSignIn,
    address: string,
  ): Promise<Refusal | undefined> {
    const token = await operators.startSession(operator, address)
    if (!token) return refuse('form', 'operatorLogin.expired')
    await signInTries.clear(username, address)
    await audit.record({ what: 'operator-signed-in', operator: operator.id, address })
    setSession(ctx, token)
    return undefined
  }
}

const factors = ['code', 'passkey', 'recovery'] as const
