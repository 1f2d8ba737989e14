import type { FlowDefinition } from '../web/flow/flow-definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import type { PhoneChange } from './phone-change-answers.ts'
import { type PhoneChangeStepPorts, phoneChangeStep } from './phone-change-step.ts'
import { readHandOver } from './recovery-hand-over.ts'

export type PhoneChangePorts = FlowPorts & PhoneChangeStepPorts

/** 更换手机号: 填写信息 → 更换成功; then the person starts the recovery again (guide, question 十). */
export const phoneChangeFlow: FlowDefinition<PhoneChange, PhoneChangePorts> = {
  path: 'recover/phone',
  earnedAt: 'recover/username',
  title: 'phoneChange.title',
  atHand: ['panel.document', 'panel.card', 'panel.cardPhoneNew'],
  steps: { details: phoneChangeStep },
  done: {
    title: 'phoneChange.done.title',
    page: (result, given) => ({ from: readHandOver(given).from, isProved: result === 'proved' }),
  },
}
