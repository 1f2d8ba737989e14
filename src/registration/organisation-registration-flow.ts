import { isLegalRepresentative } from '../people/fields/unit.ts'
import type { FlowDefinition } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import { claimantStep } from '../web/steps/claimant-step.ts'
import type { OrganisationRegistration } from './organisation-registration-answers.ts'
import { type RegistrationBankPorts, registrationBankStep } from './registration-bank-step.ts'
import { type RegistrationLoginPorts, registrationLoginStep } from './registration-login-step.ts'
import { type RegistrationUnitPorts, registrationUnitStep } from './registration-unit-step.ts'

export type OrganisationRegistrationPorts = FlowPorts &
  RegistrationLoginPorts &
  RegistrationUnitPorts &
  RegistrationBankPorts

/** 用户注册（单位用户）: 填写登录信息 → 填写单位信息 → 填写经办人信息 → 填写验证信息 → 注册成功 (specification, section 2). */
export const organisationRegistrationFlow: FlowDefinition<
  OrganisationRegistration,
  OrganisationRegistrationPorts
> = {
  path: 'register/organisation',
  title: 'organisationRegistration.title',
  atHand: ['panel.unitLicence', 'panel.legalRepresentative', 'panel.handler'],
  steps: {
    login: registrationLoginStep,
    unit: registrationUnitStep,
    handler: claimantStep('organisationRegistration.handler.title'),
    bank: registrationBankStep(
      ['login', 'unit', 'handler'],
      ({ login, unit, handler }) =>
        login &&
        unit &&
        handler && {
          login,
          claimant: handler,
          newAccount: (confirmed) => ({
            ...confirmed,
            kind: 'organisation',
            unit,
            ...(isLegalRepresentative(handler, unit) && { confirmedAt: confirmed.registeredAt }),
          }),
          documentIn: 'unit',
        },
    ),
  },
  done: { title: 'registration.done.title', page: (registered) => registered },
}
