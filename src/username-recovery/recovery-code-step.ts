import * as z from 'zod'
import type { Account } from '../people/account.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Tasks } from '../ports/tasks.ts'
import { type NumberAgePorts, sameHolder } from '../proofs/number-age.ts'
import { checkSmsCode, smsCode } from '../proofs/sms-code.ts'
import {
  action,
  type Handover,
  type Outcome,
  type Step,
  type Visit,
} from '../web/flow/definition.ts'
import { codeFor } from '../web/steps/card-step.ts'
import { accountOf, identityKey } from './claimed-identity-step.ts'
import { type QuietCodePorts, sendQuietly } from './undisclosed-code.ts'
import type { Identity, UsernameRecovery } from './username-recovery-answers.ts'

export type CodePorts = QuietCodePorts &
  NumberAgePorts & {
    readonly accounts: Accounts
    readonly tasks: Tasks
    readonly audit: Audit
  }

type Next = Outcome<UsernameRecovery, 'sent'>

/** 验证手机校验码: the code goes to the registered phone, and nothing here tells whether there is one. */
export const codeStep: Step<UsernameRecovery, CodePorts, 'sent'> = {
  title: 'usernameRecovery.code.title',
  keeps: [],
  dependsOn: ['identity'],
  actions: {
    send: action(
      () => z.object({}),
      async (_, visit, ports): Promise<Next> => {
        const { identity, account, code } = await lookUp(visit, ports)
        const key = identityKey(identity)
        const outcome = await sendQuietly(key, code, account, visit.visitor, ports)
        return outcome === 'sent' ? { sent: { at: visit.now } } : { refused: outcome }
      },
    ),
    next: action(() => z.object({ smsCode }), prove),
    /** 手机号已停用？ */
    otherPhone: action(
      () => z.object({}),
      async (_, visit): Promise<Next> => ({ begin: phoneChange(identityOf(visit)) }),
    ),
  },
}

async function prove(
  typed: { smsCode: string },
  visit: Visit<UsernameRecovery>,
  ports: CodePorts,
): Promise<Next> {
  const { identity, account, code } = await lookUp(visit, ports)
  const badCode = await checkSmsCode(code, typed.smsCode, ports)
  if (badCode) return { refused: badCode }
  if (!account) throw new Error('a code that nobody can know was right')
  // From here on it is the holder of the registered number, who may learn more.
  const { phone, card, username } = account
  if (!(await sameHolder(phone, card.provedAt, visit.now, ports))) {
    await ports.smsCodes.use(code)
    return { begin: phoneChange(identity, 'other-holder') }
  }
  const { subject, visitor } = visit
  const { locale, address } = visitor
  // Not used up: repeated after a crash it has to be right, the task of this flow is the same one, and a flow that
  // has ended takes no code.
  await ports.tasks.add([
    { id: subject, kind: 'sms', phone, template: 'username', params: { username }, locale },
  ])
  await ports.audit.record({ what: 'username-sent', accountId: account.id, address })
  return { passed: 'sent' }
}

/**
 * The code is bound to who the person says they are too: said differently it is another one, with an account or not.
 * And to the account as it stands: changed meanwhile, by another recovery say, it takes a new one.
 */
async function lookUp(visit: Visit<UsernameRecovery>, { accounts }: CodePorts) {
  const identity = identityOf(visit)
  const account: Account | undefined = await accountOf(identity, accounts)
  const whose = account ? `${account.phone} ${account.version}` : 'nobody'
  const phone = `${whose} ${identityKey(identity)}`
  return { identity, account, code: codeFor(visit, 'username-recovery', phone) }
}

function identityOf({ answers: { identity } }: Visit<UsernameRecovery>): Identity {
  if (!identity) throw new Error('the code step opened before the step it depends on')
  return identity
}

/** 更换手机号; a unit is told by its code, since its handler's name and document are typed there. */
function phoneChange({ name, document }: Identity, why?: 'other-holder'): Handover {
  const { type: idType, number: idNumber } = document
  const unit = idType === 'uscc'
  return {
    path: 'recover/phone',
    given: { from: 'recover/username', ...(unit && { unit: idNumber }), ...(why && { why }) },
    drafts: unit ? {} : { details: { name, idType, idNumber } },
  }
}
