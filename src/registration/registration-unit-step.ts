import { isDeepStrictEqual } from 'node:util'
import type { Unit } from '../people/account.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import { unitForm, unitOf } from '../people/fields/unit.ts'
import { refuse } from '../people/refusal.ts'
import type { Accounts } from '../ports/accounts.ts'
import { type ExistencePorts, refuseIfExists } from '../proofs/existence-disclosure.ts'
import { type UnitProofPorts, verifyUnit } from '../proofs/verify-unit.ts'
import { action, type Step } from '../web/flow/flow-definition.ts'
import { unitDocumentPage } from '../web/steps/document-options.ts'
import type { OrganisationRegistration } from './organisation-registration-answers.ts'

export type RegistrationUnitPorts = ExistencePorts &
  UnitProofPorts & { readonly accounts: Accounts }

/** 填写单位信息. A code that already has an account is refused before the registry is asked. */
export const registrationUnitStep: Step<OrganisationRegistration, RegistrationUnitPorts, Unit> = {
  title: 'organisationRegistration.unit.title',
  keeps: [
    'unitName',
    'idType',
    'idNumber',
    'legalRepresentative',
    'legalRepresentativeIdNumber',
    'checkedCode',
  ],
  names: ['unitName', 'legalRepresentative'],
  page: unitDocumentPage,
  actions: {
    next: action(
      ({ now }) => unitForm(dayInChina(now)),
      async (typed, { answers, existenceHits, visitor }, ports) => {
        const unit = unitOf(typed)
        const taken = await refuseIfExists(
          () => ports.accounts.documentTaken({ type: 'uscc', number: unit.code }),
          refuse('idNumber', 'idNumber.taken'),
          existenceHits,
          visitor,
          ports,
        )
        if (taken) return taken
        // A unit that the registry confirmed in this flow is not looked up again.
        const isConfirmed = isDeepStrictEqual(unit, answers.unit)
        const refused = isConfirmed ? undefined : await verifyUnit(unit, visitor, ports)
        return refused ? { refused } : { passed: unit }
      },
    ),
  },
}
