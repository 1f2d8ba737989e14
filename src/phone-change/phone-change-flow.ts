import type { FlowDefinition } from '../web/flow/definition.ts'
import type { FlowPorts } from '../web/flow/flow-ports.ts'
import type { PhoneChange } from './phone-change-answers.ts'
import { type DetailsPorts, detailsStep } from './phone-change-step.ts'
import { givenOf } from './recovery-hand-over.ts'

export type PhoneChangePorts = FlowPorts & DetailsPorts

/** 更换手机号: 填写信息 → 更换成功, then the recovery that it came from begins anew (guide, question 十). */
export const phoneChange: FlowDefinition<PhoneChange, PhoneChangePorts> = {
  path: 'recover/phone',
  earnedAt: 'recover/username',
  title: 'phoneChange.title',
  atHand: ['panel.document', 'panel.card', 'panel.cardPhoneNew'],
  steps: { details: detailsStep },
  done: {
    title: 'phoneChange.done.title',
    page: (_, given) => ({ from: givenOf(given).from }),
  },
}
