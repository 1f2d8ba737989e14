import type { OperatorCredentials } from '../../people/operator.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { Context } from '../../web/context.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { timeStepOf, totpPicture } from '../factors/one-time-password.ts'
import { createdPasskey, creationOptions } from '../factors/passkeys.ts'
import { newRecoveryCodes } from '../factors/recovery-codes.ts'
import { newChallenge, type pendingState } from '../sign-in/pending-sign-in.ts'
import { type EnrolmentPorts, type EnrolmentState, enrolmentStepper } from './enrolment-state.ts'

type FactorState = Extract<EnrolmentState, { at: 'factor' }>

/** A second factor that works, with the time step of the typed one-time password. */
type ProvedFactor = {
  readonly factor: Omit<OperatorCredentials, 'passwordHash'>
  readonly step?: number
}

/** 设置第二因素: a passkey or a one-time password. The operator exists from here on. */
export function secondFactorPage(
  router: ConsoleRouter,
  pending: ReturnType<typeof pendingState<EnrolmentState>>,
  ports: EnrolmentPorts,
  show: Show,
) {
  const { audit, clock, invitations, operators, passkeyParty } = ports

  async function page(ctx: Context, state: FactorState, refusals: readonly Refusal[] = []) {
    const { id, username, invitation, totpSecret, challenge } = state
    const { name } = invitation
    show('console/second-factor', {
      title: 'enrolment.factor.title',
      ...enrolmentStepper(1),
      passkey: JSON.stringify(
        await creationOptions(passkeyParty, { id, username, name }, challenge),
      ),
      picture: await totpPicture(totpSecret, { issuer: passkeyParty.name, username }),
      ...{ totpSecret, refusals },
    })(ctx)
  }

  router.open('GET /setup/factor', async (ctx) => {
    const state = await pending.read(ctx)
    return state?.at === 'factor' ? page(ctx, state) : ctx.throw(410)
  })

  router.open('POST /setup/factor', async (ctx) => {
    await pending.change(ctx, async (state) => {
      if (state?.at === 'codes') return void seeOther(ctx, '/setup/recovery-codes')
      if (state?.at !== 'factor') return ctx.throw(410)
      const proved = await proof(ctx.state.typed, state)
      if ('code' in proved) {
        const next = { ...state, challenge: newChallenge() }
        await page(ctx, next, [proved])
        return next
      }
      const recoveryCodes = await enrol(ctx, state, proved)
      seeOther(ctx, '/setup/recovery-codes')
      return { at: 'codes', recoveryCodes }
    })
  })

  async function proof(
    typed: Readonly<Record<string, string>>,
    { totpSecret, challenge }: FactorState,
  ): Promise<ProvedFactor | Refusal> {
    if (typed['action'] === 'passkey') {
      const passkey = await createdPasskey(passkeyParty, typed['credential'], challenge)
      return passkey ? { factor: { passkeys: [passkey] } } : refuse('form', 'passkey.wrong')
    }
    const code = typed['totpCode']?.replace(/\s/g, '')
    if (!code) return refuse('totpCode', 'totpCode.missing')
    const step = timeStepOf(totpSecret, code, clock())
    if (step === undefined) return refuse('totpCode', 'totpCode.wrong')
    return { factor: { passkeys: [], totpSecret }, step }
  }

  /** Creates the operator, or sets the credentials after a reset, and uses the link up. Returns the recovery codes. */
  async function enrol(
    ctx: Context,
    { id, username, passwordHash, invitation, token }: FactorState,
    { factor, step }: ProvedFactor,
  ): Promise<readonly string[]> {
    // The link may have expired, or be void, since its page was answered.
    if (!(await invitations.find(token))) return ctx.throw(410)
    const { name, role, sponsors, operator } = invitation
    const recoveryCodes = newRecoveryCodes()
    const given = {
      credentials: { passwordHash, ...factor },
      ...{ recoveryCodes, sponsors, invitation: token },
    }
    const outcome = operator
      ? await operators.setCredentials(id, { ...given, resets: operator.resets })
      : (await operators.create({ id, username, name, role, ...given })) === 'created'
    // Another person used the link, or took the username, meanwhile.
    if (!outcome) return ctx.throw(410)
    if (step !== undefined) await operators.useTimeStep(id, step)
    await invitations.use(token)
    const { address } = visitorOf(ctx, false)
    const detail = factor.totpSecret ? 'totp' : 'passkey'
    await audit.record({ what: 'operator-enrolled', operator: id, target: id, address, detail })
    return recoveryCodes
  }
}
