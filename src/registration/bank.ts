import type { NewIndividual, NewProof } from '../people/account.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { SmsCodePurpose } from '../ports/sms-codes.ts'
import {
  type CardForm,
  cardForm,
  type FourElementsPorts,
  proveFourElements,
} from '../proofs/four-elements.ts'
import { cardKeeps, cardPage, codeFor, sendCode } from '../web/flow/card-step.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import type { Registration } from './registration.ts'

/** What the last page says. */
export type Registered = { readonly username: string }

export type BankPorts = FourElementsPorts & { readonly accounts: Accounts }

const purpose = 'registration'

/** 填写验证信息: the bank confirms name, document, account and reserved phone together (guide, question 五). */
export const bankStep: Step<Registration, BankPorts, Registered> = {
  title: 'registration.bank.title',
  keeps: cardKeeps,
  dependsOn: ['login', 'identity'],
  page: cardPage,
  actions: {
    send: sendCode(purpose),
    next: action((_, ports) => cardForm(ports), prove),
  },
}

/** In this order: form, SMS code, card kind, bank; then the account, and the code is used up. */
async function prove(
  typed: CardForm,
  visit: Visit<Registration>,
  ports: BankPorts,
): Promise<Outcome<Registration, Registered>> {
  const { login, identity } = visit.answers
  if (!login || !identity) throw new Error('the bank step opened before the steps it depends on')
  const code = codeFor(visit, purpose, typed.phone)
  // A crash came between the account and the last page: nothing is asked or paid for twice.
  const made = await ports.accounts.findById(visit.subject)
  if (made) return registered(made, code, visit, ports)
  const proof = await proveFourElements(typed, identity, code, visit.visitor, visit.now, ports)
  if ('code' in proof) return { refused: proof }

  const created = await ports.accounts.create(newAccount(proof, visit, login, identity))
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
  { phone, card, consent }: NewProof,
  { subject, now }: Visit<Registration>,
  login: Registration['login'],
  person: Registration['identity'],
): NewIndividual => ({
  id: subject,
  kind: 'individual',
  ...login,
  ...person,
  phone,
  card,
  consent,
  registeredAt: now,
})
