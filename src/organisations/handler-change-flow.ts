import { isLegalRepresentative } from '../people/fields/unit.ts'
import { refuse } from '../people/refusal.ts'
import { type UnitProofPorts, verifyUnit } from '../proofs/verify-unit.ts'
import type { FlowDefinition } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import { claimantStep } from '../web/steps/claimant-step.ts'
import { type HandlerBankPorts, handlerBankStep } from './handler-bank-step.ts'
import type { HandlerChange } from './handler-change-answers.ts'
import { type HandlerPasswordPorts, handlerPasswordStep } from './handler-password-step.ts'
import { type UnitAccountPorts, unitAccountStep } from './unit-account-step.ts'

export type HandlerChangePorts = FlowPorts &
  UnitAccountPorts &
  HandlerPasswordPorts &
  HandlerBankPorts &
  UnitProofPorts

/** 更换经办人: a person who knows the unit's password and is confirmed by a bank becomes its handler (decision 0101). */
export const handlerChangeFlow: FlowDefinition<HandlerChange, HandlerChangePorts> = {
  path: 'organisation/handler',
  title: 'handlerChange.title',
  atHand: ['panel.unitAccount', 'panel.handler'],
  steps: {
    account: unitAccountStep,
    handler: claimantStep('organisationRegistration.handler.title'),
    password: handlerPasswordStep(({ account, handler }) => [
      account?.username,
      account?.code,
      handler?.document.number,
    ]),
    bank: handlerBankStep<HandlerChange, HandlerChangePorts>({
      name: 'password',
      dependsOn: ['account', 'handler'],
      claimant: ({ handler }) => handler,
      async findUnit({ answers: { account: proven }, subject }, { accounts }) {
        const account = proven && (await accounts.findById(proven.id))
        if (account?.kind !== 'organisation') return undefined
        return account.version === proven?.version || account.changedBy === subject
          ? account
          : undefined
      },
      missing: async () => ({ reopen: 'account', refused: refuse('form', 'organisation.stale') }),
      /** Asks the registry again, because the unit's legal representative may have changed since the registration. */
      async furtherChange({ unit, confirmedAt }, { answers: { handler }, visitor, now }, ports) {
        const canConfirm = !confirmedAt && handler && isLegalRepresentative(handler, unit)
        return canConfirm && !(await verifyUnit(unit, visitor, ports)) ? { confirmedAt: now } : {}
      },
    }),
  },
  done: { title: 'handlerChange.done.title', page: (replaced) => replaced },
}
