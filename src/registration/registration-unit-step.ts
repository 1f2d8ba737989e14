import { isDeepStrictEqual } from 'node:util'
import type { Unit } from '../people/account.ts'
import { dayInChina } from '../people/fields/birthdate.ts'
import { unitForm, unitFromForm } from '../people/fields/unit.ts'
import { type UnitProofPorts, verifyUnit } from '../proofs/verify-unit.ts'
import { action, type Step } from '../web/flow/flow-definition.ts'
import { unitDocumentPage } from '../web/steps/document-options.ts'
import type { OrganisationRegistration } from './organisation-registration-answers.ts'
import { refuseTakenDocument, type TakenDocumentPorts } from './refuse-taken-document.ts'

export type RegistrationUnitPorts = TakenDocumentPorts & UnitProofPorts

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
      async (typed, visit, ports) => {
        const { answers, visitor } = visit
        const unit = unitFromForm(typed)
        const document = { type: 'uscc', number: unit.code } as const
        const taken = await refuseTakenDocument(document, visit, ports)
        if (taken) return taken
        // A unit that the registry confirmed in this flow is not looked up again.
        const isConfirmed = isDeepStrictEqual(unit, answers.unit)
        const refused = isConfirmed ? undefined : await verifyUnit(unit, visitor, ports)
        return refused ? { refused } : { passed: unit }
      },
    ),
  },
}
