import type { Account, NewAccount, NewIndividual } from '../people/account.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import type { SmsCodePurpose } from '../ports/sms-codes.ts'
import {
  type CardForm,
  type Claimant,
  cardForm,
  type FourElementsPorts,
  proveFourElements,
} from '../proofs/four-elements.ts'
import { type RegisteredHerePorts, rememberRegistration } from '../proofs/registered-here.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import { cardKeeps, cardPage, codeFor, sendCode } from '../web/steps/card-step.ts'
import type { Login } from './registration-login-step.ts'

/** What the last page says; `confirmed` of a unit: whether its legal representative has proved themself. */
export type Registered = { readonly username: string; readonly confirmed?: boolean }

export type BankPorts = FourElementsPorts & RegisteredHerePorts & { readonly accounts: Accounts }

/** What people and units have in common by the time the bank has confirmed somebody. */
type Proved = Omit<NewIndividual, 'kind' | 'gender' | 'birthdate'>

/** Who registers, by the answers of the steps before. */
export type Registrant<A> = {
  readonly login: Login
  /** Whom the bank is asked about. */
  readonly claimant: Claimant
  account(proved: Proved): NewAccount
  /** The step with the 证件号 under which the account is unique. */
  readonly documentIn: keyof A & string
}

const purpose = 'registration'

/** 填写验证信息: the bank confirms name, document, account and reserved phone together (guide, question 五). */
export const bankStep = <A extends { readonly login: Login }>(
  dependsOn: readonly (keyof A & string)[],
  registrantOf: (answers: Partial<A>) => Registrant<A> | undefined,
): Step<A, BankPorts, Registered> => ({
  title: 'registration.bank.title',
  keeps: cardKeeps,
  dependsOn,
  page: cardPage,
  actions: {
    send: sendCode(purpose),
    next: action(
      (_, ports) => cardForm(ports),
      (typed, visit, ports) => {
        const registrant = registrantOf(visit.answers)
        if (!registrant) throw new Error('the bank step opened before the steps it depends on')
        return prove(typed, registrant, visit, ports)
      },
    ),
  },
})

/** In this order: form, SMS code, card kind, bank; then the account, and the code is used up. */
async function prove<A extends { readonly login: Login }>(
  typed: CardForm,
  { login, claimant, account, documentIn }: Registrant<A>,
  visit: Visit<A>,
  ports: BankPorts,
): Promise<Outcome<A, Registered>> {
  const code = codeFor(visit, purpose, typed.phone)
  // A crash came between the account and the last page: nothing is asked or paid for twice.
  const made = await ports.accounts.findById(visit.subject)
  if (made) return { passed: await registered(made, code, visit, ports) }
  const proof = await proveFourElements(typed, claimant, code, visit.visitor, visit.now, ports)
  if ('code' in proof) return { refused: proof }

  // The flow's own id for it makes repeating safe: after a crash between here and the last page nothing is doubled.
  const proved = { ...proof, ...claimant, ...login, id: visit.subject, registeredAt: visit.now }
  const wanted = account(proved)
  const created = await ports.accounts.create(wanted)
  if (created === 'username_taken')
    return { reopen: 'login', refused: refuse('username', 'username.taken') }
  if (created === 'document_taken')
    return { reopen: documentIn, refused: refuse('idNumber', 'idNumber.taken') }
  return { passed: await registered(wanted, code, visit, ports) }
}

async function registered(
  account: Account | NewAccount,
  code: SmsCodePurpose,
  { subject, visitor }: Visit<unknown>,
  ports: BankPorts,
): Promise<Registered> {
  await ports.smsCodes.use(code)
  await rememberRegistration(subject, visitor, ports)
  await ports.audit.record({ what: 'registered', accountId: subject, address: visitor.address })
  const { username, kind } = account
  return {
    username,
    ...(kind === 'organisation' && { confirmed: account.confirmedAt !== undefined }),
  }
}
