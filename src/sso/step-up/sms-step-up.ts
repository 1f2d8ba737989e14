import * as z from 'zod'
import { maskedPhone } from '../../people/fields/phone.ts'
import { refuse } from '../../people/refusal.ts'
import { signedInOf } from '../../people/signed-in-account.ts'
import { checkSmsCode, type SmsProofPorts, smsCode } from '../../proofs/sms-code.ts'
import { action, type FlowDefinition, type Visit } from '../../web/flow/flow-definition.ts'
import type { FlowPorts } from '../../web/flow/flow-ports.ts'
import { sendCodeTo, smsCodeBindingOf } from '../../web/steps/card-step.ts'

/** The level that a proof of this flow raises the sign-in to. */
type SmsProof = { readonly sms: 'sms' }

export type SmsStepUpPorts = FlowPorts & SmsProofPorts

const purpose = 'step-up'
const phoneOf = (visit: Visit<SmsProof>) => signedInOf(visit).account.phone

/** 验证身份 by an SMS code to the registered phone. */
export const smsStepUp: FlowDefinition<SmsProof, SmsStepUpPorts> = {
  path: 'step-up/sms',
  earnedAt: 'step-up',
  title: 'stepUp.title',
  atHand: ['panel.registeredPhone'],
  signsIn: true,
  steps: {
    sms: {
      title: 'stepUp.title',
      keeps: [],
      page: (visit) => ({ present: { phone: maskedPhone(phoneOf(visit)) } }),
      actions: {
        send: sendCodeTo(purpose, phoneOf),
        next: action(
          () => z.object({ smsCode }),
          async (typed, visit, ports) => {
            const code = smsCodeBindingOf(visit, purpose, phoneOf(visit))
            const wrong = await checkSmsCode(code, typed.smsCode, ports)
            if (wrong) return { refused: wrong }
            // When two requests use one code at once, one passes.
            const used = await ports.smsCodes.use(code)
            return used ? { passed: 'sms' } : { refused: refuse('smsCode', 'smsCode.expired') }
          },
        ),
      },
    },
  },
  done: { title: 'stepUp.title', goesOn: true },
}
