import type { FlowDefinition } from '../web/flow/definition.ts'
import type { FlowPorts } from '../web/flow/routes.ts'
import { type BankPorts, bankStep, type Registered } from './bank.ts'
import { type IdentityPorts, identityStep, type Person } from './identity.ts'
import { type Login, type LoginPorts, loginStep } from './login.ts'

/** What each step of 用户注册 has found out once it has passed. */
export type Registration = {
  readonly login: Login
  readonly identity: Person
  readonly bank: Registered
}

export type RegistrationPorts = FlowPorts & LoginPorts & IdentityPorts & BankPorts

/** 用户注册（个人用户）: 填写登录信息 → 填写身份信息 → 填写验证信息 → 注册成功 (guide, section 二, part 一). */
export const registration: FlowDefinition<Registration, RegistrationPorts> = {
  path: 'register',
  title: 'registration.title',
  atHand: ['panel.document', 'panel.card', 'panel.cardPhone'],
  steps: {
    login: loginStep,
    identity: identityStep,
    bank: bankStep(
      ['login', 'identity'],
      ({ login, identity }) =>
        login &&
        identity && {
          login,
          claimant: identity,
          account: (proved) => ({ ...proved, kind: 'individual', ...identity }),
          documentIn: 'identity',
        },
    ),
  },
  done: {
    title: 'registration.done.title',
    page: (registered) => registered,
  },
}
