import type { FlowDefinition } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import { claimedIdentityStep } from './claimed-identity-step.ts'
import { type RecoveryCodePorts, recoveryCodeStep } from './recovery-code-step.ts'
import type { UsernameRecovery } from './username-recovery-answers.ts'

export type UsernameRecoveryPorts = FlowPorts & RecoveryCodePorts

/** 找回用户名: 验证身份 → 验证手机校验码 → 找回用户名成功 (guide, section 二, part 三). */
export const usernameRecoveryFlow: FlowDefinition<UsernameRecovery, UsernameRecoveryPorts> = {
  path: 'recover/username',
  title: 'usernameRecovery.title',
  atHand: ['panel.document', 'panel.registeredPhone'],
  steps: { identity: claimedIdentityStep, code: recoveryCodeStep },
  done: { title: 'usernameRecovery.done.title' },
}
