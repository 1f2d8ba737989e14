import * as z from 'zod'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Locale } from '../../config/sentences.ts'
import { signOutTask } from '../notices/sign-out-task.ts'
import type { Account } from '../people/account.ts'
import { shortDay } from '../people/calendar.ts'
import { typedPassword } from '../people/fields/password.ts'
import { maskedPhone } from '../people/fields/phone.ts'
import { refuse } from '../people/refusal.ts'
import { signedInOf } from '../people/signed-in-account.ts'
import type { NewTask } from '../ports/tasks.ts'
import { checkSmsCode, type SmsProofPorts, smsCode, withCodeValidity } from '../proofs/sms-code.ts'
import {
  action,
  type FlowDefinition,
  type Outcome,
  type Visit,
} from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import { sendCodeTo, smsCodeBindingOf } from '../web/steps/card-step.ts'
import type { AccountChangePorts } from '../web/steps/change-account.ts'
import { type PresentPasswordPorts, provePresentPassword } from './present-password-proof.ts'

/** The end of the period in which a sign-in cancels the closing; ms since 1970. */
type ClosingRequested = { readonly until: number }
type Closing = { readonly close: ClosingRequested }

export type ClosingPorts = FlowPorts &
  AccountChangePorts &
  PresentPasswordPorts &
  SmsProofPorts & { readonly policy: Pick<Policy, 'closing'> }

const purpose = 'closing'

const closingForm = z.object({ presentPassword: typedPassword, smsCode })

/**
 * 注销账户: password and SMS code start a cooling-off period. A sign-in within it cancels the closing; at its end the
 * account is erased (`account-erasure.ts`, decision 0097).
 */
export const closingFlow: FlowDefinition<Closing, ClosingPorts> = {
  path: 'account/close',
  title: 'account.title',
  steps: {
    close: {
      title: 'account.close.title',
      keeps: [],
      page: (visit, { policy }) => ({
        phone: maskedPhone(signedInOf(visit).account.phone),
        days: policy.closing.coolingOff / (24 * 3600),
      }),
      actions: {
        send: sendCodeTo(purpose, (visit) => signedInOf(visit).account.phone),
        next: action(() => closingForm, requestClosing),
      },
    },
  },
  done: { title: 'account.close.done.title', page: (requested) => requested, signedOut: true },
}

const closingCodeOf = (visit: Visit<Closing>) =>
  smsCodeBindingOf(visit, purpose, signedInOf(visit).account.phone)

/** The change raises the account's version, which invalidates all of its sign-ins and every recovery under way. */
async function requestClosing(
  typed: z.output<typeof closingForm>,
  visit: Visit<Closing>,
  ports: ClosingPorts,
): Promise<Outcome<Closing, ClosingRequested>> {
  const { account } = signedInOf(visit)
  const { now, subject, visitor } = visit
  const code = closingCodeOf(visit)
  const badCode = await checkSmsCode(code, typed.smsCode, ports)
  if (badCode) return { refused: badCode }
  const wrong = await provePresentPassword(typed.presentPassword, visit, ports)
  if (wrong) return { refused: await withCodeValidity(wrong, code, ports) }
  const until = now + ports.policy.closing.coolingOff * 1000
  const tasks = closingTasksOf(account, now, until, visitor.locale)
  const outcome = await ports.accounts.change(account, { closingSince: now }, subject, tasks)
  if (outcome === 'stale') return { refused: refuse('form', 'account.stale') }
  await ports.accountSessions.endAll(account.id, { since: account.version + 1 })
  await ports.smsCodes.use(code)
  const { address } = visitor
  await ports.audit.record({ what: 'closing-asked', accountId: account.id, address })
  return { passed: { until } }
}

/** The notice, the sign-out and the erasure, stored in the transaction of the change. */
const closingTasksOf = (
  account: Account,
  now: number,
  until: number,
  locale: Locale,
): readonly NewTask[] => [
  {
    kind: 'sms',
    phone: account.phone,
    accountId: account.id,
    template: 'account-closing',
    params: { date: shortDay(locale, until) },
    locale,
  },
  signOutTask(account, now),
  { kind: 'erase', accountId: account.id, due: until },
]
