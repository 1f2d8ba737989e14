import * as z from 'zod'
import type { PhoneRegion } from '../../config/phone-regions.ts'
import {
  anyDocumentFields,
  anyDocumentOf,
  anyDocumentRule,
  isRegistered,
} from '../people/fields/any-document.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import { phoneFields, phoneRules } from '../people/fields/phone.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { Audit } from '../ports/audit.ts'
import { type NumberAgePorts, sameHolder } from '../proofs/number-age.ts'
import { checkSmsCode, type SmsProofPorts, smsCode, withCodeStillGood } from '../proofs/sms-code.ts'
import {
  action,
  type Handover,
  type Outcome,
  type Step,
  type Visit,
} from '../web/flow/definition.ts'
import { codeFor, phonePage, sendCode } from '../web/steps/card-step.ts'
import { anyDocumentPage } from '../web/steps/document-page.ts'
import type { PasswordRecovery, Proved } from './password-recovery-answers.ts'
import { provedBy } from './recovery-proof.ts'

export type PhonePorts = SmsProofPorts &
  NumberAgePorts & {
    readonly accounts: Accounts
    readonly audit: Audit
    readonly phoneRegions: readonly PhoneRegion[]
  }

const purpose = 'password-recovery'

/** 验证身份 by 证件号码+手机验证码. The code goes to whatever phone was typed. */
export const phoneStep: Step<PasswordRecovery, PhonePorts, Proved> = {
  title: 'passwordRecovery.proof.title',
  keeps: ['idType', 'idNumber', 'phoneRegion', 'phone'],
  dependsOn: ['username', 'method'],
  applies: ({ method }) => method?.way === 'phone',
  page: (visit, ports) => ({ ...anyDocumentPage(visit), ...phonePage(visit, ports) }),
  actions: {
    send: sendCode(purpose),
    next: action(({ now }, ports) => form(dayInChina(now), ports), prove),
    /** 手机号已停用？ */
    otherPhone: action(
      () => z.object({ idType: z.string().catch(''), idNumber: z.string().max(200).catch('') }),
      async (typed, { answers }) => ({ begin: phoneChange(answers, typed) }),
    ),
  },
}

const form = (today: string, { phoneRegions }: Pick<PhonePorts, 'phoneRegions'>) =>
  z
    .object({ ...anyDocumentFields, ...phoneFields(phoneRegions), smsCode })
    .check(anyDocumentRule(today), ...phoneRules(phoneRegions))

/** In this order: form, SMS code, ID and phone; whether the phone is still its owner's only their holder learns. */
async function prove(
  { phone, smsCode: typed, ...document }: z.output<ReturnType<typeof form>>,
  visit: Visit<PasswordRecovery>,
  ports: PhonePorts,
): Promise<Outcome<PasswordRecovery, Proved>> {
  const { accounts, audit, smsCodes } = ports
  const { answers, now, visitor } = visit
  const code = codeFor(visit, purpose, phone)
  const badCode = await checkSmsCode(code, typed, ports)
  if (badCode) return { refused: badCode }
  const account = await accounts.findByUsername(answers.username?.username ?? '')
  const whose = { address: visitor.address, ...(account && { accountId: account.id }) }
  if (account?.phone !== phone || !isRegistered(anyDocumentOf(document), account)) {
    const left = await smsCodes.countWrong(code)
    await audit.record({ what: 'password-reset-refused', ...whose, detail: 'document' })
    const refused = refuse('form', 'passwordRecovery.mismatch')
    return left === 'spent'
      ? { refused, and: refuse('smsCode', 'smsCode.spent') }
      : { refused: await withCodeStillGood(refused, code, ports) }
  }
  if (!(await sameHolder(phone, account.card.provedAt, now, ports))) {
    await audit.record({ what: 'password-reset-refused', ...whose, detail: 'number-age' })
    await smsCodes.use(code)
    return { begin: phoneChange(answers, document, 'other-holder') }
  }
  const used = await smsCodes.use(code)
  return used ? { passed: provedBy(account) } : { refused: refuse('smsCode', 'smsCode.expired') }
}

/** 更换手机号 of the account that was named; a unit is told by that name, its handler's document is typed there. */
const phoneChange = (
  { username }: Partial<PasswordRecovery>,
  { idType, idNumber }: Readonly<Record<'idType' | 'idNumber', string>>,
  why?: 'other-holder',
): Handover => ({
  path: 'recover/phone',
  given: { from: 'recover/password', ...username, ...(why && { why }) },
  drafts: idType === 'uscc' ? {} : { details: { idType, idNumber } },
})
