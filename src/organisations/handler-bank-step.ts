import type { AccountChange, Organisation } from '../people/account.ts'
import { refuse } from '../people/refusal.ts'
import {
  type CardForm,
  type Claimant,
  cardForm,
  type FourElementsPorts,
  proveFourElements,
} from '../proofs/four-elements.ts'
import { action, type Outcome, type Step, type Visit } from '../web/flow/definition.ts'
import { cardKeeps, cardPage, codeFor, sendCode } from '../web/steps/card-step.ts'
import type { NewPassword } from './handler-password-step.ts'
import { finish, type HandedOver, type HandOverPorts, handOver } from './handler-replacement.ts'

export type BankPorts = FourElementsPorts & HandOverPorts

/** How somebody comes to be the handler. */
export type Way<A, Ports> = {
  /** Also what its SMS codes are bound to, and what stands on record. */
  readonly name: 'password' | 'legal-representative'
  readonly dependsOn: readonly (keyof A & string)[]
  /** Who proves themself now. */
  claimant(answers: Partial<A>): Claimant | undefined
  /** The unit's account, if it is there and still the one that was meant. */
  find(visit: Visit<A>, ports: Ports): Promise<Organisation | undefined>
  /** What is said where it isn't, to whom the bank has confirmed. */
  readonly missing: Outcome<A, HandedOver>
  /** What changes beside handler and password. */
  more(
    account: Organisation,
    visit: Visit<A>,
    ports: Ports,
  ): Promise<Pick<AccountChange, 'unit' | 'confirmedAt'>>
}

/** 填写验证信息 of the new handler; then all of it changes at once. */
export const bankStep = <A extends { readonly password: NewPassword }, Ports>(
  way: Way<A, Ports>,
): Step<A, BankPorts & Ports, HandedOver> => ({
  title: 'registration.bank.title',
  keeps: cardKeeps,
  dependsOn: way.dependsOn,
  page: cardPage,
  actions: {
    send: sendCode(way.name),
    next: action(
      (_, ports) => cardForm(ports),
      (typed, visit, ports) => prove(typed, way, visit, ports),
    ),
  },
})

/** In this order: form, SMS code, card kind, bank; then the account, and the code is used up. */
async function prove<A extends { readonly password: NewPassword }, Ports>(
  typed: CardForm,
  way: Way<A, Ports>,
  visit: Visit<A>,
  ports: BankPorts & Ports,
): Promise<Outcome<A, HandedOver>> {
  const { subject, visitor, now } = visit
  const claimant = way.claimant(visit.answers)
  const { password } = visit.answers
  if (!claimant || !password) throw new Error('the bank step opened before the steps it needs')
  const code = codeFor(visit, way.name, typed.phone)
  const passed = async (account: Organisation) => {
    const handedOver = await finish(account, way.name, visit, ports)
    await ports.smsCodes.use(code)
    return { passed: handedOver }
  }
  const before = await way.find(visit, ports)
  // A crash came between the change and the last page: nothing is asked, changed or told twice.
  if (before?.changedBy === subject) return passed(before)
  const proof = await proveFourElements(typed, claimant, code, visitor, now, ports)
  if ('code' in proof) return { refused: proof }
  // Changed by something else meanwhile it is read and decided on once more: the proof is as good as before.
  for (let tries = 0; tries < 2; tries += 1) {
    const account = await way.find(visit, ports)
    if (!account) return way.missing
    const handler = { ...proof, ...claimant, ...password }
    const more = await way.more(account, visit, ports)
    const outcome = await handOver(account, handler, more, visit, ports)
    if (outcome === 'changed') return passed(account)
  }
  return { refused: refuse('form', 'organisation.stale') }
}
