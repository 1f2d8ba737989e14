import * as z from 'zod'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { field } from '../people/fields/field.ts'
import { phoneFields, phoneRules } from '../people/fields/phone.ts'
import { compact } from '../people/fields/typed-text.ts'
import type { CodeProof } from '../people/identity-proof.ts'
import { type Refusal, refuse, withNotes } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { CounterProofs } from '../ports/counter-proofs.ts'
import type { SmsCodeBinding } from '../ports/sms-codes.ts'
import { checkSmsCode, type SmsProofPorts, smsCode, withCodeValidity } from './sms-code.ts'
import type { Claimant, FourElementsPorts } from './verify-four-elements.ts'

export type CounterCodePorts = SmsProofPorts &
  Pick<FourElementsPorts, 'phoneRegions'> & {
    readonly counterProofs: CounterProofs
    readonly policy: Pick<Policy, 'counterProofs'>
  }

/** 核验码: spaces and full width are folded. A wrong form is refused like a wrong code, after the SMS code. */
const counterCode = field('counterCode.required', compact)

/** 手机号码, 短信验证码, 核验码: what a page asks for in place of the card's fields. */
export const counterFields = ({ phoneRegions }: Pick<CounterCodePorts, 'phoneRegions'>) => ({
  counterCode,
  ...phoneFields(phoneRegions),
  smsCode,
})

/** The form of a page that knows the person already. */
export const counterForm = (ports: Pick<CounterCodePorts, 'phoneRegions'>) =>
  z.object(counterFields(ports)).check(...phoneRules(ports.phoneRegions))

export type CounterForm = z.output<ReturnType<typeof counterForm>>

export const invalidCounterCode = refuse('counterCode', 'counterCode.invalid')

/**
 * Checks the SMS code and then the 核验码, which is good for this name, document and phone only. Neither is used up: the code
 * of the SMS is when the step passes, the 核验码 when the account is stored.
 * @param accountId the account that is to be changed: its owner was told when the code was issued
 */
export async function verifyCounterCode(
  { phone, smsCode: typed, counterCode }: CounterForm,
  { name, document }: Claimant,
  code: SmsCodeBinding,
  visitor: Visitor,
  now: number,
  ports: CounterCodePorts,
  accountId?: string,
): Promise<CodeProof | Refusal> {
  const badCode = await checkSmsCode(code, typed, ports)
  if (badCode) return badCode
  const isWellFormed = /^\d{8}$/.test(counterCode)
  const found = isWellFormed
    ? await ports.counterProofs.check({ name, document, phone }, counterCode)
    : 'wrong'
  const isOther = found !== 'wrong' && accountId !== undefined && found.account !== accountId
  if (found === 'wrong' || isOther) {
    await ports.audit.record({
      ...{ what: 'counter-proof-refused', address: visitor.address, flow: code.flow },
      detail: isOther ? 'other-account' : 'wrong',
      ...(accountId && { accountId }),
    })
    return withCodeValidity(invalidCounterCode, code, ports)
  }
  const { id, provedAt, goodFrom } = found
  if (now < goodFrom) {
    const early = withNotes(invalidCounterCode, [{ code: 'counterCode.early', until: goodFrom }])
    return withCodeValidity(early, code, ports)
  }
  return { name, document, phone, counter: { id, provedAt } }
}
