import {
  type Account,
  documentOfAccount,
  type NewAccount,
  type NewCommon,
} from '../people/account.ts'
import { sameDocument } from '../people/fields/id-document.ts'
import { refuse } from '../people/refusal.ts'
import { mostClaims } from '../people/unproved-account.ts'
import type { Accounts, UnprovedAccounts } from '../ports/accounts.ts'
import type { SmsCodeBinding } from '../ports/sms-codes.ts'
import {
  type RegistrationBrowserPorts,
  rememberRegistration,
} from '../proofs/registration-browser.ts'
import { invalidCounterCode } from '../proofs/verify-counter-code.ts'
import type { Claimant } from '../proofs/verify-four-elements.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/flow-definition.ts'
import {
  cardPage,
  proofKeeps,
  proofLinks,
  sendCode,
  smsCodeBindingOf,
} from '../web/steps/card-step.ts'
import {
  type ClaimantPorts,
  type ProofForm,
  proofForm,
  recordCounterProof,
  verifyClaimant,
} from '../web/steps/verify-claimant.ts'
import type { LoginDetails } from './registration-login-step.ts'

/**
 * The data of the last page. `confirmed` is present for a unit: whether its legal representative has confirmed it.
 * `atCounter`: the person was proved by 人工核验. `displaces`: an imported registration, which nobody proved, named the same
 * document.
 */
export type RegistrationResult = {
  readonly username: string
  readonly confirmed?: boolean
  readonly atCounter?: true
  readonly displaces?: true
}

export type RegistrationBankPorts = ClaimantPorts &
  RegistrationBrowserPorts & {
    readonly accounts: Accounts
    readonly unprovedAccounts: Pick<UnprovedAccounts, 'findByDocument'>
  }

/** The person or unit that registers, from the answers of the earlier steps. */
export type Registrant<A> = {
  readonly login: LoginDetails
  readonly claimant: Claimant
  newAccount(confirmed: NewCommon): NewAccount
  /** The step that asks for the 证件号 that identifies the account. */
  readonly documentIn: keyof A & string
}

const purpose = 'registration'

/**
 * 填写验证信息: the bank confirms name, document, account and reserved phone together (guide, question 五), or operators have
 * confirmed the person by 人工核验.
 */
export const registrationBankStep = <A extends { readonly login: LoginDetails }>(
  dependsOn: readonly (keyof A & string)[],
  registrantOf: (answers: Partial<A>) => Registrant<A> | undefined,
): Step<A, RegistrationBankPorts, RegistrationResult> => ({
  title: 'registration.bank.title',
  keeps: proofKeeps,
  links: proofLinks,
  dependsOn,
  page: cardPage,
  actions: {
    send: sendCode(purpose),
    next: action(
      (_, ports, typed) => proofForm(ports, typed),
      (typed, visit, ports) => {
        const registrant = registrantOf(visit.answers)
        if (!registrant) throw new Error('the bank step opened before the steps it depends on')
        return register(typed, registrant, visit, ports)
      },
    ),
  },
})

/**
 * Checks the form, the SMS code, the kind of card and the bank's answer in this order, so that a paid bank call comes
 * last. The SMS code is consumed only after the account exists, a 核验码 together with its creation.
 */
async function register<A extends { readonly login: LoginDetails }>(
  typed: ProofForm,
  { login, claimant, newAccount, documentIn }: Registrant<A>,
  visit: Visit<A>,
  ports: RegistrationBankPorts,
): Promise<Outcome<A, RegistrationResult>> {
  const code = smsCodeBindingOf(visit, purpose, typed.phone)
  // After a crash between the creation and the last page, the same form must not call the bank again.
  const existing = await ports.accounts.findById(visit.subject)
  if (existing) return { passed: await completeRegistration(existing, code, visit, ports) }
  const proof = await verifyClaimant(typed, claimant, code, visit.visitor, visit.now, ports)
  if ('code' in proof) return { refused: proof }

  // The account's id is drawn when the flow begins, so that a repeated request cannot create a second account.
  const confirmed = { ...proof, ...claimant, ...login, id: visit.subject, registeredAt: visit.now }
  const account = newAccount(confirmed)
  const created = await ports.accounts.create(account)
  if (created === 'username_taken')
    return { reopen: 'login', refused: refuse('username', 'username.taken') }
  if (created === 'proof_used') return { refused: invalidCounterCode }
  if (created === 'document_taken')
    return { reopen: documentIn, refused: refuse('idNumber', 'idNumber.taken') }
  return { passed: await completeRegistration(account, code, visit, ports) }
}

/** Consumes the SMS code, remembers the browser as the one that registered, and records the event. Safe to repeat. */
async function completeRegistration(
  account: Account | NewAccount,
  code: SmsCodeBinding,
  { subject, visitor }: Visit<unknown>,
  ports: RegistrationBankPorts,
): Promise<RegistrationResult> {
  await ports.smsCodes.use(code)
  await rememberRegistration(subject, visitor, ports)
  await ports.audit.record({ what: 'registered', accountId: subject, address: visitor.address })
  const { username, kind, counter } = account
  const document = documentOfAccount(account)
  const claimed = await ports.unprovedAccounts.findByDocument(document, mostClaims)
  await recordCounterProof(subject, counter !== undefined, { visitor }, ports)
  return {
    username,
    ...(counter && { atCounter: true }),
    ...(claimed.some((each) => sameDocument(each.document, document)) && { displaces: true }),
    ...(kind === 'organisation' && { confirmed: account.confirmedAt !== undefined }),
  }
}
