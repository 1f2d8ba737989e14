import type { AccountChange, Organisation } from '../people/account.ts'
import { frozenRefusal, isFrozen } from '../people/frozen-account.ts'
import { refuse } from '../people/refusal.ts'
import {
  type CardForm,
  type Claimant,
  cardForm,
  type FourElementsPorts,
  verifyFourElements,
} from '../proofs/verify-four-elements.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/flow-definition.ts'
import { cardKeeps, cardPage, sendCode, smsCodeBindingOf } from '../web/steps/card-step.ts'
import type { NewPasswordHash } from './handler-password-step.ts'
import {
  completeReplacement,
  type HandlerReplaced,
  type HandlerReplacementPorts,
  type NewHandler,
  replaceHandler,
} from './handler-replacement.ts'

export type HandlerBankPorts = FourElementsPorts & HandlerReplacementPorts

/** One way in which a person becomes the handler of a unit. */
export type HandlerVerification<A, Ports> = {
  /** Also the purpose of its SMS codes, and the detail of the audit event. */
  readonly name: 'password' | 'legal-representative'
  readonly dependsOn: readonly (keyof A & string)[]
  claimant(answers: Partial<A>): Claimant | undefined
  /** The unit's account; undefined when it does not exist or has changed since an earlier step verified it. */
  findUnit(visit: Visit<A>, ports: Ports): Promise<Organisation | undefined>
  /** The account, or else the outcome, where there was none. Only for a claimant whom the bank has confirmed. */
  missing(
    handler: NewHandler,
    visit: Visit<A>,
    ports: Ports,
  ): Promise<Organisation | Outcome<A, HandlerReplaced>>
  /** Changes of the account beside the handler and the password. */
  furtherChange(
    account: Organisation,
    visit: Visit<A>,
    ports: Ports,
  ): Promise<Pick<AccountChange, 'unit' | 'confirmedAt'>>
}

/** 填写验证信息 of the new handler. Handler, password and further changes are stored together. */
export const handlerBankStep = <A extends { readonly password: NewPasswordHash }, Ports>(
  verification: HandlerVerification<A, Ports>,
): Step<A, HandlerBankPorts & Ports, HandlerReplaced> => ({
  title: 'registration.bank.title',
  keeps: cardKeeps,
  dependsOn: verification.dependsOn,
  page: cardPage,
  actions: {
    send: sendCode(verification.name),
    next: action(
      (_, ports) => cardForm(ports),
      (typed, visit, ports) => proveHandler(typed, verification, visit, ports),
    ),
  },
})

/**
 * Checks the form, the SMS code, the kind of card and the bank's answer in this order, so that a paid bank call comes
 * last. The SMS code is consumed only after the account has changed.
 */
async function proveHandler<A extends { readonly password: NewPasswordHash }, Ports>(
  typed: CardForm,
  verification: HandlerVerification<A, Ports>,
  visit: Visit<A>,
  ports: HandlerBankPorts & Ports,
): Promise<Outcome<A, HandlerReplaced>> {
  const { subject, visitor, now } = visit
  const claimant = verification.claimant(visit.answers)
  const { password } = visit.answers
  if (!claimant || !password) throw new Error('the bank step opened before the steps it needs')
  const code = smsCodeBindingOf(visit, verification.name, typed.phone)
  const passed = async (account: Organisation) => {
    const replaced = await completeReplacement(account, verification.name, visit, ports)
    await ports.smsCodes.use(code)
    return { passed: replaced }
  }
  const before = await verification.findUnit(visit, ports)
  // After a crash between the change and the last page, the same request must not repeat the bank call or the notices.
  if (before?.changedBy === subject) return passed(before)
  // The unit is registered, so the check of its new handler may use the reserve of the budget.
  const proof = await verifyFourElements(typed, claimant, code, visitor, now, ports, before?.id)
  if ('code' in proof) return { refused: proof }
  // After a concurrent change the account is read and changed once more; the proof does not depend on its version.
  for (let tries = 0; tries < 2; tries += 1) {
    const account = await verification.findUnit(visit, ports)
    const handler = { ...proof, ...claimant, ...password }
    if (!account) {
      const found = await verification.missing(handler, visit, ports)
      return 'kind' in found ? passed(found) : found
    }
    if (isFrozen(account)) return { refused: frozenRefusal }
    const furtherChange = await verification.furtherChange(account, visit, ports)
    const outcome = await replaceHandler(account, handler, furtherChange, visit, ports)
    if (outcome === 'changed') return passed(account)
  }
  return { refused: refuse('form', 'organisation.stale') }
}
