import type { FlowDefinition } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import type { PasswordRecovery } from './password-recovery-answers.ts'
import { type PasswordResetPorts, passwordResetStep } from './password-reset-step.ts'
import { type PhoneProofPorts, phoneProofStep } from './phone-proof-step.ts'
import { type QuestionsProofPorts, questionsProofStep } from './questions-proof-step.ts'
import { type RecoveryMethodPorts, recoveryMethodStep } from './recovery-method-step.ts'
import { usernameStep } from './username-step.ts'

export type PasswordRecoveryPorts = FlowPorts &
  RecoveryMethodPorts &
  PhoneProofPorts &
  QuestionsProofPorts &
  PasswordResetPorts

/** 找回密码: 输入用户名 → 选择找回方式 → 验证身份 → 重置密码 → 重置成功 (guide, section 二, part 四). */
export const passwordRecoveryFlow: FlowDefinition<PasswordRecovery, PasswordRecoveryPorts> = {
  path: 'recover/password',
  title: 'passwordRecovery.title',
  atHand: ['panel.username', 'panel.phoneOrAnswers'],
  steps: {
    username: usernameStep,
    method: recoveryMethodStep,
    phone: phoneProofStep,
    questions: questionsProofStep,
    password: passwordResetStep,
  },
  done: {
    title: 'passwordRecovery.done.title',
    page: (reset) => reset,
  },
}
