import { isLegalRepresentative } from '../people/fields/unit.ts'
import { refuse } from '../people/refusal.ts'
import { proveUnit, type UnitProofPorts } from '../proofs/organisation-registry.ts'
import type { FlowDefinition } from '../web/flow/definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import { claimantStep } from '../web/steps/claimant-step.ts'
import { type BankPorts, bankStep } from './handler-bank-step.ts'
import type { HandlerChange } from './handler-change-answers.ts'
import { type PasswordPorts, passwordStep } from './handler-password-step.ts'
import { type AccountPorts, accountStep } from './unit-account-step.ts'

export type HandlerChangePorts = FlowPorts &
  AccountPorts &
  PasswordPorts &
  BankPorts &
  UnitProofPorts

/** 更换经办人: whoever knows the unit's password and proves who they are to a bank is its handler (decision 0101). */
export const handlerChange: FlowDefinition<HandlerChange, HandlerChangePorts> = {
  path: 'organisation/handler',
  title: 'handlerChange.title',
  atHand: ['panel.unitAccount', 'panel.handler'],
  steps: {
    account: accountStep,
    handler: claimantStep('organisationRegistration.handler.title'),
    password: passwordStep(({ account, handler }) => [
      account?.username,
      account?.code,
      handler?.document.number,
    ]),
    bank: bankStep<HandlerChange, HandlerChangePorts>({
      name: 'password',
      dependsOn: ['account', 'handler'],
      claimant: ({ handler }) => handler,
      async find({ answers: { account: held }, subject }, { accounts }) {
        const account = held && (await accounts.findById(held.id))
        if (account?.kind !== 'organisation') return undefined
        return account.version === held?.version || account.changedBy === subject
          ? account
          : undefined
      },
      missing: { reopen: 'account', refused: refuse('form', 'organisation.stale') },
      /** The registry is asked again: a legal representative may have ceased to be one since. */
      async more({ unit, confirmedAt }, { answers: { handler }, visitor, now }, ports) {
        const isOne = !confirmedAt && handler && isLegalRepresentative(handler, unit)
        return isOne && !(await proveUnit(unit, visitor, ports)) ? { confirmedAt: now } : {}
      },
    }),
  },
  done: { title: 'handlerChange.done.title', page: (handedOver) => handedOver },
}
