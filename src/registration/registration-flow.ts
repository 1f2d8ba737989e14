import type { FlowDefinition } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import type { TakenDocumentPorts } from './refuse-taken-document.ts'
import type { Registration } from './registration-answers.ts'
import { type RegistrationBankPorts, registrationBankStep } from './registration-bank-step.ts'
import { registrationIdentityStep } from './registration-identity-step.ts'
import { type RegistrationLoginPorts, registrationLoginStep } from './registration-login-step.ts'

export type RegistrationPorts = FlowPorts &
  RegistrationLoginPorts &
  TakenDocumentPorts &
  RegistrationBankPorts

/** 用户注册（个人用户）: 填写登录信息 → 填写身份信息 → 填写验证信息 → 注册成功 (guide, section 二, part 一). */
export const registrationFlow: FlowDefinition<Registration, RegistrationPorts> = {
  path: 'register',
  title: 'registration.title',
  atHand: ['panel.document', 'panel.card', 'panel.cardPhone'],
  steps: {
    login: registrationLoginStep,
    identity: registrationIdentityStep,
    bank: registrationBankStep(
      ['login', 'identity'],
      ({ login, identity }) =>
        login &&
        identity && {
          login,
          claimant: identity,
          newAccount: (confirmed) => ({ ...confirmed, kind: 'individual', ...identity }),
          documentIn: 'identity',
        },
    ),
  },
  done: { title: 'registration.done.title', page: (registered) => registered },
}
