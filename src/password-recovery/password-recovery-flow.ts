import type { FlowDefinition } from '../web/flow/definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import type { PasswordRecovery } from './password-recovery-answers.ts'
import { type PasswordPorts, passwordStep } from './password-reset-step.ts'
import { type PhonePorts, phoneStep } from './phone-proof-step.ts'
import { type QuestionsPorts, questionsStep } from './questions-proof-step.ts'
import { type MethodPorts, methodStep } from './recovery-method-step.ts'
import { usernameStep } from './username-step.ts'

export type PasswordRecoveryPorts = FlowPorts &
  MethodPorts &
  PhonePorts &
  QuestionsPorts &
  PasswordPorts

/** 找回密码: 输入用户名 → 选择找回方式 → 验证身份 → 重置密码 → 重置成功 (guide, section 二, part 四). */
export const passwordRecovery: FlowDefinition<PasswordRecovery, PasswordRecoveryPorts> = {
  path: 'recover/password',
  title: 'passwordRecovery.title',
  atHand: ['panel.username', 'panel.phoneOrAnswers'],
  steps: {
    username: usernameStep,
    method: methodStep,
    phone: phoneStep,
    questions: questionsStep,
    password: passwordStep,
  },
  done: {
    title: 'passwordRecovery.done.title',
    page: (reset) => reset,
  },
}
