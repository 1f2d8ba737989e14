import * as z from 'zod'
import {
  anyDocumentFields,
  anyDocumentOf,
  anyDocumentRules,
  isRegistered,
} from '../people/fields/any-document.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import { phoneFields, phoneRules } from '../people/fields/phone.ts'
import { provedAtOf } from '../people/identity-proof.ts'
import { refuse } from '../people/refusal.ts'
import type { Audit } from '../ports/audit.ts'
import { hasSameHolder, type NumberAgePorts } from '../proofs/same-holder.ts'
import { checkSmsCode, smsCode, withCodeValidity } from '../proofs/sms-code.ts'
import {
  action,
  type HandOver,
  type Outcome,
  type Step,
  type Visit,
} from '../web/flow/flow-definition.ts'
import { phonePage, smsCodeBindingOf } from '../web/steps/card-step.ts'
import { anyDocumentPage } from '../web/steps/document-options.ts'
import type { PasswordRecovery, RecoveryProof } from './password-recovery-answers.ts'
import { recoveryProofOf } from './recovery-proof.ts'
import { purpose, type SendToOwnerPorts, sendCodeToOwner } from './send-code-to-owner.ts'

export type PhoneProofPorts = SendToOwnerPorts & NumberAgePorts & { readonly audit: Audit }

const findAccount = (
  { answers }: Pick<Visit<PasswordRecovery>, 'answers'>,
  { accounts }: Pick<PhoneProofPorts, 'accounts'>,
) => accounts.findByUsername(answers.username?.username ?? '')

/** 验证身份 by 证件号码+手机验证码. The code is sent to the typed phone, whether or not it is the registered one. */
export const phoneProofStep: Step<PasswordRecovery, PhoneProofPorts, RecoveryProof> = {
  title: 'passwordRecovery.proof.title',
  keeps: ['idType', 'idCountry', 'idNumber', 'phoneRegion', 'phone'],
  dependsOn: ['username', 'method'],
  applies: ({ method }) => method?.way === 'phone',
  page: (visit, ports) => ({ ...anyDocumentPage(visit), ...phonePage(visit, ports) }),
  actions: {
    send: sendCodeToOwner,
    next: action(({ now }, ports) => phoneProofForm(dayInChina(now), ports), provePhone),
    /** 手机号已停用？ */
    otherPhone: action(
      () => z.object({ idType: drafted, idCountry: drafted, idNumber: drafted }),
      async (typed, { answers }) => ({ begin: handOverToPhoneChange(answers, typed) }),
    ),
  },
}

const drafted = z.string().max(200).catch('')

type DocumentDraft = { idType: string; idCountry?: string | undefined; idNumber: string }

const phoneProofForm = (today: string, { phoneRegions }: Pick<PhoneProofPorts, 'phoneRegions'>) =>
  z
    .object({ ...anyDocumentFields, ...phoneFields(phoneRegions), smsCode })
    .check(...anyDocumentRules(today), ...phoneRules(phoneRegions))

/**
 * Checks the form, the SMS code, then ID number and phone. The check for a new holder of the number comes last, so that
 * only the holder of the registered phone learns its result.
 */
async function provePhone(
  { phone, smsCode: typed, ...document }: z.output<ReturnType<typeof phoneProofForm>>,
  visit: Visit<PasswordRecovery>,
  ports: PhoneProofPorts,
): Promise<Outcome<PasswordRecovery, RecoveryProof>> {
  const { audit, smsCodes } = ports
  const { answers, now, visitor } = visit
  const code = smsCodeBindingOf(visit, purpose, phone)
  const badCode = await checkSmsCode(code, typed, ports)
  if (badCode) return { refused: badCode }
  const account = await findAccount(visit, ports)
  const subject = { address: visitor.address, ...(account && { accountId: account.id }) }
  if (account?.phone !== phone || !isRegistered(anyDocumentOf(document), account)) {
    const left = await smsCodes.countWrong(code)
    await audit.record({ what: 'password-reset-refused', ...subject, detail: 'document' })
    const refused = refuse('form', 'passwordRecovery.mismatch')
    return left === 'spent'
      ? { refused, and: refuse('smsCode', 'smsCode.spent') }
      : { refused: await withCodeValidity(refused, code, ports) }
  }
  if (!(await hasSameHolder(phone, provedAtOf(account), now, ports))) {
    await audit.record({ what: 'password-reset-refused', ...subject, detail: 'number-age' })
    await smsCodes.use(code)
    return { begin: handOverToPhoneChange(answers, document, 'other-holder') }
  }
  const used = await smsCodes.use(code)
  return used
    ? { passed: recoveryProofOf(account) }
    : { refused: refuse('smsCode', 'smsCode.expired') }
}

/**
 * Begins 更换手机号 for the typed username. A unit's code is not handed over as a draft, because that flow asks for the
 * handler's own document.
 */
const handOverToPhoneChange = (
  { username }: Partial<PasswordRecovery>,
  { idType, idCountry = '', idNumber }: DocumentDraft,
  why?: 'other-holder',
): HandOver => ({
  path: 'recover/phone',
  data: { from: 'recover/password', ...username, ...(why && { why }) },
  drafts: idType === 'uscc' ? {} : { details: { idType, idCountry, idNumber } },
})
