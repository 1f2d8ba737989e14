import type { Unit } from '../people/account.ts'
import { isLegalRepresentative } from '../people/fields/unit.ts'
import type { Claimant } from '../proofs/four-elements.ts'
import type { FlowDefinition } from '../web/flow/definition.ts'
import type { FlowPorts } from '../web/flow/routes.ts'
import { claimantStep } from '../web/steps/claimant-step.ts'
import { type BankPorts, bankStep, type Registered } from './bank.ts'
import { type Login, type LoginPorts, loginStep } from './login.ts'
import { type UnitPorts, unitStep } from './unit.ts'

/** What each step of 单位用户注册 has found out once it has passed. */
export type OrganisationRegistration = {
  readonly login: Login
  readonly unit: Unit
  /** 经办人; whether they have an account of their own nobody asks. */
  readonly handler: Claimant
  readonly bank: Registered
}

export type OrganisationRegistrationPorts = FlowPorts & LoginPorts & UnitPorts & BankPorts

/** 用户注册（单位用户）: 填写登录信息 → 填写单位信息 → 填写经办人信息 → 填写验证信息 → 注册成功 (specification, section 2). */
export const organisationRegistration: FlowDefinition<
  OrganisationRegistration,
  OrganisationRegistrationPorts
> = {
  path: 'register/organisation',
  title: 'organisationRegistration.title',
  atHand: ['panel.unitLicence', 'panel.legalRepresentative', 'panel.handler'],
  steps: {
    login: loginStep,
    unit: unitStep,
    handler: claimantStep('organisationRegistration.handler.title'),
    bank: bankStep(
      ['login', 'unit', 'handler'],
      ({ login, unit, handler }) =>
        login &&
        unit &&
        handler && {
          login,
          claimant: handler,
          account: (proved) => ({
            ...proved,
            kind: 'organisation',
            unit,
            ...(isLegalRepresentative(handler, unit) && { confirmedAt: proved.registeredAt }),
          }),
          documentIn: 'unit',
        },
    ),
  },
  done: {
    title: 'registration.done.title',
    page: (registered) => registered,
  },
}
