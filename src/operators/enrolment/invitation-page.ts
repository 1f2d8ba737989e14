import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { field } from '../../people/fields/field.ts'
import {
  newPassword,
  type PasswordRules,
  passwordAgain,
  passwordHidesUsername,
  passwordsAgree,
} from '../../people/fields/password.ts'
import { compact } from '../../people/fields/typed-text.ts'
import { username } from '../../people/fields/username.ts'
import { type Refusal, refuse } from '../../people/refusal.ts'
import type { FoundInvitation } from '../../ports/operators/invitations.ts'
import { requesterOf } from '../../ports/passwords.ts'
import type { Context } from '../../web/context.ts'
import { refusalsOf } from '../../web/flow/flow-definition.ts'
import { seeOther } from '../../web/http/see-other.ts'
import { visitorOf } from '../../web/http/visitor-of.ts'
import type { Show } from '../access/console-frame.ts'
import type { ConsoleRouter } from '../access/console-router.ts'
import { newTotpSecret } from '../factors/one-time-password.ts'
import { newChallenge, type pendingState } from '../sign-in/pending-sign-in.ts'
import { type EnrolmentPorts, type EnrolmentState, enrolmentStepper } from './enrolment-state.ts'

const leastPassword = 12

/** 设置操作员账号: the page of a one-time link. */
export function invitationPage(
  router: ConsoleRouter,
  pending: ReturnType<typeof pendingState<EnrolmentState>>,
  ports: EnrolmentPorts,
  show: Show,
) {
  const { invitations, operators, passwords, passwordRules } = ports

  const page = (ctx: Context, found: FoundInvitation, refusals: readonly Refusal[] = []) =>
    show('console/invitation', {
      title: 'enrolment.account.title',
      ...enrolmentStepper(0),
      ...{ found, refusals },
    })(ctx)

  /** Ends in 410 for a link that was used or has expired. */
  async function foundBy(ctx: Context) {
    const token = String(ctx['params'].token)
    return { token, found: (await invitations.find(token)) ?? ctx.throw(410) }
  }

  router.open('GET /invitation/:token', async (ctx) => page(ctx, (await foundBy(ctx)).found))

  router.open('POST /invitation/:token', async (ctx) => {
    const { token, found } = await foundBy(ctx)
    const { operator } = found
    const typed = { ...ctx.state.typed, ...(operator && { username: operator.username }) }
    const form = invitationForm(found, passwordRules).safeParse(typed)
    if (!form.success) return page(ctx, found, refusalsOf(form.error.issues))
    const { username, password, activationCode } = form.data
    if (!operator && (await operators.findByUsername(username)))
      return page(ctx, found, [refuse('username', 'username.taken')])
    const isActivated =
      !found.needsActivationCode ||
      (await invitations.checkActivationCode(token, activationCode ?? ''))
    if (!isActivated) return page(ctx, found, [refuse('activationCode', 'activationCode.wrong')])
    await pending.begin(ctx, {
      at: 'factor',
      id: operator?.id ?? randomUUID(),
      invitation: found,
      ...{ token, username },
      passwordHash: await passwords.hash(password, requesterOf(visitorOf(ctx, false))),
      totpSecret: newTotpSecret(),
      challenge: newChallenge(),
    })
    seeOther(ctx, '/setup/factor')
  })
}

const invitationForm = ({ needsActivationCode }: FoundInvitation, rules: PasswordRules) =>
  z
    .object({
      username,
      password: newPassword({ ...rules, least: leastPassword }),
      passwordAgain,
      activationCode: needsActivationCode ? activationCode : z.string().optional(),
    })
    .check(passwordsAgree, passwordHidesUsername)

const activationCode = field('activationCode.missing', compact)
