import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import type { Unit } from '../people/account.ts'
import { unitFields } from '../people/fields/unit.ts'
import { refuse } from '../people/refusal.ts'
import type { Claimant } from '../proofs/verify-four-elements.ts'
import { type UnitProofPorts, verifyUnit } from '../proofs/verify-unit.ts'
import { action, type FlowDefinition } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import { claimantStep } from '../web/steps/claimant-step.ts'
import { unitDocumentPage } from '../web/steps/document-options.ts'
import { type HandlerBankPorts, handlerBankStep } from './handler-bank-step.ts'
import {
  type HandlerPasswordPorts,
  handlerPasswordStep,
  type NewPasswordHash,
} from './handler-password-step.ts'
import type { HandlerReplaced } from './handler-replacement.ts'
import { type ProveUnprovedUnitPorts, proveUnprovedUnit } from './prove-unproved-unit.ts'

type UnitName = Pick<Unit, 'name' | 'code'>

/** The answer of each step of 法定代表人确认, by the step's name. */
export type LegalRepresentativeProof = {
  readonly unit: UnitName
  readonly representative: Claimant
  readonly password: NewPasswordHash
  readonly bank: HandlerReplaced
}

export type LegalRepresentativePorts = FlowPorts &
  UnitProofPorts &
  HandlerPasswordPorts &
  HandlerBankPorts &
  ProveUnprovedUnitPorts

/**
 * 法定代表人确认: a person whom the registry names and a bank confirms needs no password of the unit. They confirm its
 * account and become its handler (decision 0101). Only they learn whether an account exists.
 */
export const legalRepresentativeFlow: FlowDefinition<
  LegalRepresentativeProof,
  LegalRepresentativePorts
> = {
  path: 'organisation/legal-representative',
  title: 'legalRepresentative.title',
  atHand: ['panel.unitLicence', 'panel.representative'],
  steps: {
    unit: {
      title: 'organisationRegistration.unit.title',
      keeps: ['unitName', 'idType', 'idNumber'],
      names: ['unitName'],
      captcha: true,
      page: unitDocumentPage,
      actions: {
        next: action(
          () => z.object(unitFields),
          async ({ unitName, idNumber }) => ({ passed: { name: unitName, code: idNumber } }),
        ),
      },
    },
    representative: {
      ...claimantStep<LegalRepresentativeProof, LegalRepresentativePorts>(
        'legalRepresentative.representative.title',
        async (claimant, { answers, visitor }, ports) => {
          // A representative whom the registry confirmed in this flow is not looked up again.
          if (isDeepStrictEqual(claimant, answers.representative)) return undefined
          return verifyUnit(unitLedBy(claimant, answers.unit), visitor, ports)
        },
      ),
      dependsOn: ['unit'],
    },
    password: handlerPasswordStep(({ unit, representative }) => [
      unit?.code,
      representative?.document.number,
    ]),
    bank: handlerBankStep<LegalRepresentativeProof, LegalRepresentativePorts>({
      name: 'legal-representative',
      dependsOn: ['unit', 'representative'],
      claimant: ({ representative }) => representative,
      async findUnit({ answers: { unit } }, { accounts }) {
        const account = await accounts.findByDocument({ type: 'uscc', number: unit?.code ?? '' })
        return account?.kind === 'organisation' ? account : undefined
      },
      async missing(handler, { answers: { unit, representative }, subject, now }, ports) {
        const led = representative && unitLedBy(representative, unit)
        const proved = led && (await proveUnprovedUnit(handler, led, { by: subject, now }, ports))
        return proved ?? { refused: refuse('form', 'legalRepresentative.notRegistered') }
      },
      /** Stores the unit as the registry has it now: its name or legal representative may have changed. */
      async furtherChange(_, { answers: { unit, representative }, now }) {
        return {
          confirmedAt: now,
          ...(representative && { unit: unitLedBy(representative, unit) }),
        }
      },
    }),
  },
  done: { title: 'legalRepresentative.done.title', page: (replaced) => replaced },
}

function unitLedBy({ name, document }: Claimant, unit: UnitName | undefined): Unit {
  if (!unit) throw new Error('the step of the representative opened before that of the unit')
  return {
    ...unit,
    legalRepresentative: name,
    legalRepresentativeIdNumber: document.number,
  }
}
