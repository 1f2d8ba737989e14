import * as z from 'zod'
import type { Banks } from '../../config/banks.ts'
import { idTypes } from '../../config/id-types.ts'
import { messages, say } from '../../config/messages.ts'
import type { PhoneRegion } from '../../config/phone-regions.ts'
import type { NewIndividual } from '../people/account.ts'
import { bankAccount, bankConsent, bankName } from '../people/bank-card.ts'
import { documentKey } from '../people/id-document.ts'
import { phoneFields, phoneRules } from '../people/phone.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { SmsCodePurpose } from '../ports/sms-codes.ts'
import { type BankProof, type BankProofPorts, proveBankCard } from '../proofs/bank-card.ts'
import { checkSmsCode, type SmsProofPorts, sendSmsCode, smsCode } from '../proofs/sms-code.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import type { Registration } from './registration.ts'

/** What the last page says. */
export type Registered = { readonly username: string }

export type BankPorts = BankProofPorts &
  SmsProofPorts & {
    readonly accounts: Accounts
    readonly banks: Banks
    readonly phoneRegions: readonly PhoneRegion[]
  }

type BankForm = z.output<ReturnType<typeof form>>

/** 填写验证信息: the bank confirms name, document, account and reserved phone together (guide, question 五). */
export const bankStep: Step<Registration, BankPorts, Registered> = {
  title: 'registration.bank.title',
  keeps: ['bank', 'bankConsent', 'account', 'phoneRegion', 'phone'],
  dependsOn: ['login', 'identity'],
  page: ({ visitor }, { banks, phoneRegions }) => ({
    banks: banks.map(({ name }) => ({ value: name, text: name })),
    phoneRegions: phoneRegions.map((region) => ({
      value: region,
      text: say(visitor.locale, `phoneRegion.${region}`),
    })),
  }),
  actions: {
    send: action(
      (_, { phoneRegions }) =>
        z.object(phoneFields(phoneRegions)).check(...phoneRules(phoneRegions)),
      async ({ phone }, visit, ports) => {
        const outcome = await sendSmsCode(codeFor(visit, phone), visit.visitor, ports)
        return outcome === 'sent' ? { sent: { phone, at: visit.now } } : { refused: outcome }
      },
    ),
    next: action((_, ports) => form(ports), prove),
  },
}

const form = ({ banks, phoneRegions }: BankPorts) =>
  z
    .object({
      bank: bankName(banks),
      bankConsent,
      account: bankAccount,
      ...phoneFields(phoneRegions),
      smsCode,
    })
    .check(...phoneRules(phoneRegions))

const codeFor = ({ flow }: Visit<Registration>, phone: string) => ({
  flow,
  purpose: 'registration',
  phone,
})

/** In this order: form, SMS code, card kind, bank; then the account, and the code is used up. */
async function prove(
  typed: BankForm,
  visit: Visit<Registration>,
  ports: BankPorts,
): Promise<Outcome<Registration, Registered>> {
  const { login, identity } = visit.answers
  if (!login || !identity) throw new Error('the bank step opened before the steps it depends on')
  const { bank, account, phone } = typed
  const code = codeFor(visit, phone)
  // A crash came between the account and the last page: nothing is asked or paid for twice.
  const made = await ports.accounts.findById(visit.subject)
  if (made) return registered(made, code, visit, ports)
  const badCode = await checkSmsCode(code, typed.smsCode, ports)
  if (badCode) return { refused: badCode }

  const { name, document } = identity
  const claim = {
    bank,
    name,
    idType: idTypes[document.type],
    idNumber: document.number,
    account,
    phone,
  }
  const answer = await proveBankCard(claim, documentKey(document), visit.visitor, ports)
  if (!('proof' in answer)) return { refused: answer }

  const created = await ports.accounts.create(
    newAccount(typed, answer.proof, visit, login, identity),
  )
  if (created === 'username_taken')
    return { reopen: 'login', refused: refuse('username', 'username.taken') }
  if (created === 'document_taken')
    return { reopen: 'identity', refused: refuse('idNumber', 'idNumber.taken') }
  return registered(login, code, visit, ports)
}

async function registered(
  { username }: Registered,
  code: SmsCodePurpose,
  { subject, visitor: { address } }: Visit<Registration>,
  { smsCodes, audit }: BankPorts,
): Promise<Outcome<Registration, Registered>> {
  await smsCodes.use(code)
  await audit.record({ what: 'registered', accountId: subject, address })
  return { passed: { username } }
}

/** The flow's own id for it makes repeating safe: after a crash between here and the last page nothing is doubled. */
const newAccount = (
  { bank, account, phone }: BankForm,
  { kind }: BankProof,
  { subject, visitor, now }: Visit<Registration>,
  login: Registration['login'],
  person: Registration['identity'],
): NewIndividual => ({
  id: subject,
  kind: 'individual',
  ...login,
  ...person,
  phone,
  card: { bank, account, provedAt: now, ...(kind && { kind }) },
  consent: { wording: messages['bankConsent.label'][visitor.locale], at: now },
  registeredAt: now,
})
