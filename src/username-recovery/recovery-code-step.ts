import * as z from 'zod'
import type { Account } from '../people/account.ts'
import { frozenRefusal, isFrozen } from '../people/frozen-account.ts'
import { provedAtOf } from '../people/identity-proof.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import type { Tasks } from '../ports/tasks.ts'
import { hasSameHolder, type NumberAgePorts } from '../proofs/same-holder.ts'
import { deviceCodes, identityCodes } from '../proofs/sms-allowances.ts'
import { checkSmsCode, smsCode } from '../proofs/sms-code.ts'
import { sendUndisclosedCode, type UndisclosedCodePorts } from '../proofs/undisclosed-code.ts'
import {
  action,
  type HandOver,
  type Outcome,
  type Step,
  type Visit,
} from '../web/flow/flow-definition.ts'
import { smsCodeBindingOf } from '../web/steps/card-step.ts'
import { accountOfIdentity, identityCounterKey, identityKey } from './claimed-identity-step.ts'
import type { ClaimedIdentity, UsernameRecovery } from './username-recovery-answers.ts'

export type RecoveryCodePorts = UndisclosedCodePorts &
  NumberAgePorts & {
    readonly accounts: Accounts
    readonly tasks: Tasks
    readonly audit: Audit
  }

type CodeOutcome = Outcome<UsernameRecovery, 'sent'>

/** 验证手机校验码: the code goes to the registered phone. The answers do not disclose whether an account exists. */
export const recoveryCodeStep: Step<UsernameRecovery, RecoveryCodePorts, 'sent'> = {
  title: 'usernameRecovery.code.title',
  keeps: [],
  dependsOn: ['identity'],
  actions: {
    send: action(
      () => z.object({}),
      async (_, visit, ports): Promise<CodeOutcome> => {
        const { identity, account, code } = await findCodeRecipient(visit, ports)
        const { visitor, now } = visit
        const outcome = await sendUndisclosedCode(
          code,
          codesOf(identity, account, visitor, ports),
          account,
          visitor,
          ports,
        )
        return outcome === 'sent' ? { sent: { at: now } } : { refused: outcome }
      },
    ),
    next: action(() => z.object({ smsCode }), sendUsername),
    /** 手机号已停用？ */
    otherPhone: action(
      () => z.object({}),
      async (_, visit): Promise<CodeOutcome> => ({
        begin: handOverToPhoneChange(identityOf(visit)),
      }),
    ),
  },
}

/** The allowances of the typed identity, after those of a device that remembers its account. */
const codesOf = (
  identity: ClaimedIdentity,
  account: Account | undefined,
  visitor: Visitor,
  { policy }: Pick<RecoveryCodePorts, 'policy'>,
) => [
  ...(account && visitor.isRemembered(account.id)
    ? [deviceCodes(account.id, visitor, policy)]
    : []),
  identityCodes(identityCounterKey(identity), visitor, policy),
]

async function sendUsername(
  typed: { smsCode: string },
  visit: Visit<UsernameRecovery>,
  ports: RecoveryCodePorts,
): Promise<CodeOutcome> {
  const { identity, account, code } = await findCodeRecipient(visit, ports)
  const badCode = await checkSmsCode(code, typed.smsCode, ports)
  if (badCode) return { refused: badCode }
  if (!account) throw new Error('an unguessable code matched without an account')
  // The visitor holds the registered number from here on, so the answers may disclose the account.
  const { id: accountId, phone, username } = account
  if (isFrozen(account)) return { refused: frozenRefusal }
  if (!(await hasSameHolder(phone, provedAtOf(account), visit.now, ports))) {
    await ports.smsCodes.use(code)
    return { begin: handOverToPhoneChange(identity, 'other-holder') }
  }
  const { subject, visitor } = visit
  const { locale, address } = visitor
  // The code is not consumed: a request that is repeated after a crash must succeed. The task's id prevents a second
  // message, and a finished flow accepts no code.
  await ports.tasks.add([
    {
      ...{ id: subject, kind: 'sms', phone, template: 'username', params: { username }, locale },
      accountId,
    },
  ])
  await ports.audit.record({ what: 'username-sent', accountId, address })
  return { passed: 'sent' }
}

/**
 * Binds the code to the claimed identity, so that another identity needs a new code whether an account exists or not.
 * Binds it to the account's version too, so that a concurrent change of the account (another recovery, for example)
 * invalidates the code.
 */
async function findCodeRecipient(visit: Visit<UsernameRecovery>, { accounts }: RecoveryCodePorts) {
  const identity = identityOf(visit)
  const account: Account | undefined = await accountOfIdentity(identity, accounts)
  const recipient = account ? `${account.phone} ${account.version}` : 'nobody'
  const phone = `${recipient} ${identityKey(identity)}`
  return { identity, account, code: smsCodeBindingOf(visit, 'username-recovery', phone) }
}

function identityOf({ answers: { identity } }: Visit<UsernameRecovery>): ClaimedIdentity {
  if (!identity) throw new Error('the code step opened before the step it depends on')
  return identity
}

/** Begins 更换手机号. A unit is handed over by its code, because its handler's name and document are typed there. */
function handOverToPhoneChange(
  { name, document }: ClaimedIdentity,
  why?: 'other-holder',
): HandOver {
  const { type: idType, number: idNumber } = document
  const unit = idType === 'uscc'
  return {
    path: 'recover/phone',
    data: { from: 'recover/username', ...(unit && { unit: idNumber }), ...(why && { why }) },
    drafts: unit ? {} : { details: { name, idType, idNumber, ...countryDraft(document) } },
  }
}

const countryDraft = (document: ClaimedIdentity['document']) =>
  'country' in document && document.country ? { idCountry: document.country } : {}
