import * as z from 'zod'
import type { PhoneRegion } from '../../config/phone-regions.ts'
import type { Account } from '../people/account.ts'
import {
  anyDocumentFields,
  anyDocumentOf,
  anyDocumentRules,
  isRegistered,
} from '../people/fields/any-document.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import { documentCounterKey } from '../people/fields/id-document.ts'
import { phoneFields, phoneRules } from '../people/fields/phone.ts'
import { usernameKey } from '../people/fields/username.ts'
import { isLongWait, type Refusal, withNotes } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import { deviceCodes, identityCodes } from '../proofs/sms-allowances.ts'
import { sendCodeToTypedPhone, type UndisclosedCodePorts } from '../proofs/undisclosed-code.ts'
import { type Action, action, type Typed, type Visit } from '../web/flow/flow-definition.ts'
import { smsCodeBindingOf } from '../web/steps/card-step.ts'
import type { PasswordRecovery, RecoveryProof } from './password-recovery-answers.ts'

export type SendToOwnerPorts = UndisclosedCodePorts & {
  readonly accounts: Accounts
  readonly phoneRegions: readonly PhoneRegion[]
}

export const purpose = 'password-recovery'

/**
 * 发送短信验证, to the typed phone, whether or not it is the registered one. Strangers can use up the codes of a phone:
 * the owner then gets one for the right username with the right ID number, or on a remembered device (decision 0225).
 */
export const sendCodeToOwner: Action<PasswordRecovery, SendToOwnerPorts, RecoveryProof> = (
  typed,
  visit,
  ports,
) => {
  const { phoneRegions } = ports
  const form = z.object(phoneFields(phoneRegions)).check(...phoneRules(phoneRegions))
  return action<PasswordRecovery, SendToOwnerPorts, RecoveryProof, { phone: string }>(
    () => form,
    async ({ phone }) => {
      const { visitor, now } = visit
      const account = await ports.accounts.findByUsername(visit.answers.username?.username ?? '')
      const { own, isOwner, hasDocument } = provedFirst(typed, phone, account, visit, ports)
      const to = smsCodeBindingOf(visit, purpose, phone)
      const holder = account?.phone === phone && isOwner ? { holder: account } : {}
      const outcome = await sendCodeToTypedPhone(to, own, { account, ...holder }, visitor, ports)
      if (outcome === 'sent') return { sent: { phone, at: now } }
      if (outcome === 'undisclosed') return { sent: { at: now } }
      return { refused: hasDocument ? outcome : withDocumentNote(outcome) }
    },
  )(typed, visit, ports)
}

/** The proof that the visitor has given about the account before the code, and the allowances for it. */
function provedFirst(
  typed: Typed,
  phone: string,
  account: Account | undefined,
  { visitor, now, answers }: Visit<PasswordRecovery>,
  { policy }: SendToOwnerPorts,
) {
  const isRemembered = account !== undefined && visitor.isRemembered(account.id)
  const read = z
    .object(anyDocumentFields)
    .check(...anyDocumentRules(dayInChina(now)))
    .safeParse(typed)
  const document = read.success ? anyDocumentOf(read.data) : undefined
  const isOwner = isRemembered || (account && document ? isRegistered(document, account) : false)
  const identity =
    document &&
    `${usernameKey(answers.username?.username ?? '')} ${documentCounterKey(document)} ${phone}`
  const own = [
    ...(isRemembered ? [deviceCodes(account.id, visitor, policy)] : []),
    ...(identity ? [identityCodes(identity, visitor, policy)] : []),
  ]
  return { own, isOwner, hasDocument: identity !== undefined }
}

/** An owner whose phone has no code left today gets one after all, once the ID number is typed. */
const withDocumentNote = (refusal: Refusal): Refusal =>
  isLongWait(refusal) ? withNotes(refusal, [{ code: 'passwordRecovery.documentFirst' }]) : refusal
