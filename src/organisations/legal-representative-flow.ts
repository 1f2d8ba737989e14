import { isDeepStrictEqual } from 'node:util'
import * as z from 'zod'
import type { Unit } from '../people/account.ts'
import { unitFields } from '../people/fields/unit.ts'
import { refuse } from '../people/refusal.ts'
import type { Claimant } from '../proofs/four-elements.ts'
import { proveUnit, type UnitProofPorts } from '../proofs/organisation-registry.ts'
import { action, type FlowDefinition } from '../web/flow/definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import { claimantStep } from '../web/steps/claimant-step.ts'
import { unitDocumentPage } from '../web/steps/document-page.ts'
import { type BankPorts, bankStep } from './handler-bank-step.ts'
import { type NewPassword, type PasswordPorts, passwordStep } from './handler-password-step.ts'
import type { HandedOver } from './handler-replacement.ts'

type Named = Pick<Unit, 'name' | 'code'>

/** What each step of 法定代表人确认 has found out once it has passed. */
export type LegalRepresentativeProof = {
  readonly unit: Named
  readonly representative: Claimant
  readonly password: NewPassword
  readonly bank: HandedOver
}

export type LegalRepresentativePorts = FlowPorts & UnitProofPorts & PasswordPorts & BankPorts

/**
 * 法定代表人确认: whom the registry names and a bank confirms needs no password of the unit, confirms its account and is
 * its handler from then on (decision 0101). Whether there is an account only they learn.
 */
export const legalRepresentative: FlowDefinition<
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
        async (who, { answers, visitor }, ports) => {
          // Whoever comes back and changes nothing costs the registry no second answer.
          if (isDeepStrictEqual(who, answers.representative)) return undefined
          return proveUnit(ledBy(who, answers.unit), visitor, ports)
        },
      ),
      dependsOn: ['unit'],
    },
    password: passwordStep(({ unit, representative }) => [
      unit?.code,
      representative?.document.number,
    ]),
    bank: bankStep<LegalRepresentativeProof, LegalRepresentativePorts>({
      name: 'legal-representative',
      dependsOn: ['unit', 'representative'],
      claimant: ({ representative }) => representative,
      async find({ answers: { unit } }, { accounts }) {
        const account = await accounts.findByDocument({ type: 'uscc', number: unit?.code ?? '' })
        return account?.kind === 'organisation' ? account : undefined
      },
      missing: { refused: refuse('form', 'legalRepresentative.notRegistered') },
      /** What the registry holds now: name and legal representative may be others than at the registration. */
      async more(_, { answers: { unit, representative }, now }) {
        return { confirmedAt: now, ...(representative && { unit: ledBy(representative, unit) }) }
      },
    }),
  },
  done: { title: 'legalRepresentative.done.title', page: (handedOver) => handedOver },
}

function ledBy({ name, document }: Claimant, unit: Named | undefined): Unit {
  if (!unit) throw new Error('the unit was not asked for before its legal representative')
  return {
    ...unit,
    legalRepresentative: name,
    legalRepresentativeIdNumber: document.number,
  }
}
