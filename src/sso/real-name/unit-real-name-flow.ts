import * as z from 'zod'
import type { Unit } from '../../people/account.ts'
import { dayInChina } from '../../people/fields/birthdate.ts'
import { isLegalRepresentative, legalRepresentativeFields } from '../../people/fields/unit.ts'
import { refuse } from '../../people/refusal.ts'
import type { UnprovedAccount } from '../../people/unproved-account.ts'
import type { Claimant } from '../../proofs/verify-four-elements.ts'
import { type UnitProofPorts, verifyUnit } from '../../proofs/verify-unit.ts'
import { action, type FlowDefinition, type Step } from '../../web/flow/flow-definition.ts'
import type { FlowPorts } from '../../web/flow/flow-ports.ts'
import { claimantStep } from '../../web/steps/claimant-step.ts'
import { displacedRefusal, isDisplaced } from './displaced-refusal.ts'
import { unprovedOf } from './real-name-hand-over.ts'
import { type RealName, type RealNamePorts, realNameStep } from './real-name-step.ts'

type UnitRealName = {
  readonly unit: Unit
  /** 经办人. */
  readonly handler: Claimant
  readonly bank: RealName
}

type UnitRealNamePorts = RealNamePorts & UnitProofPorts

/** 填写单位信息: the registry has to know the imported unit with this legal representative. */
const unitStep: Step<UnitRealName, UnitRealNamePorts, Unit> = {
  title: 'organisationRegistration.unit.title',
  keeps: ['legalRepresentative', 'legalRepresentativeIdNumber'],
  names: ['legalRepresentative'],
  async page(visit, { unprovedAccounts }) {
    const unproved = await unprovedOf(visit, unprovedAccounts)
    return unproved ? presentUnit(unproved) : {}
  },
  actions: {
    next: action(
      ({ now }) => z.object(legalRepresentativeFields(dayInChina(now))),
      async (typed, visit, ports) => {
        const unproved = await unprovedOf(visit, ports.unprovedAccounts)
        if (!unproved) return { refused: refuse('form', 'realName.stale') }
        if (await isDisplaced(unproved, ports.accounts)) return { refused: displacedRefusal }
        const unit = { name: unproved.name, code: unproved.document.number, ...typed }
        const refused = await verifyUnit(unit, visit.visitor, ports)
        return refused ? { refused } : { passed: unit }
      },
    ),
  },
}

/** The name and the code of a unit are public. */
const presentUnit = ({ name, document, username }: UnprovedAccount) => ({
  present: { username, name, document: document.number },
})

/** 实名认证 of a unit: 填写单位信息 → 填写经办人信息 → 实名认证. */
export const unitRealNameFlow: FlowDefinition<UnitRealName, FlowPorts & UnitRealNamePorts> = {
  path: 'real-name/organisation',
  earnedAt: 'step-up',
  title: 'realName.title',
  atHand: ['panel.unitLicence', 'panel.legalRepresentative', 'panel.handler'],
  signsIn: true,
  steps: {
    unit: unitStep,
    handler: claimantStep('organisationRegistration.handler.title'),
    bank: realNameStep(
      ['unit', 'handler'],
      (_, unproved) => presentUnit(unproved),
      ({ answers: { unit, handler }, now }) =>
        unit &&
        handler && {
          claimant: handler,
          newAccount: (confirmed) => ({
            ...confirmed,
            kind: 'organisation',
            unit,
            ...(isLegalRepresentative(handler, unit) && { confirmedAt: now }),
          }),
        },
    ),
  },
  done: { title: 'realName.title', goesOn: true },
}
