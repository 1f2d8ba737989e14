import * as z from 'zod'
import type { Banks } from '../../config/banks.ts'
import { messages } from '../../config/messages.ts'
import type { PhoneRegion } from '../../config/phone-regions.ts'
import { bankAccount, bankConsent, bankInService } from '../people/fields/bank-card.ts'
import {
  documentAtBank,
  documentCounterKey,
  type IdDocument,
} from '../people/fields/id-document.ts'
import { phoneFields, phoneRules } from '../people/fields/phone.ts'
import type { CardProof } from '../people/identity-proof.ts'
import type { Refusal } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { SmsCodeBinding } from '../ports/sms-codes.ts'
import { checkSmsCode, type SmsProofPorts, smsCode, withCodeValidity } from './sms-code.ts'
import { type BankProofPorts, verifyBankCard } from './verify-bank-card.ts'

export type FourElementsPorts = BankProofPorts &
  SmsProofPorts & {
    readonly banks: Banks
    readonly phoneRegions: readonly PhoneRegion[]
  }

type CardFormPorts = Pick<FourElementsPorts, 'banks' | 'bankMaintenance' | 'phoneRegions'>

/** 银行, the checkbox, 银行账号, 手机号码, 短信验证码, to be spread into a form that checks `phoneRules`. */
export const cardFields = ({ banks, bankMaintenance, phoneRegions }: CardFormPorts) => ({
  bank: bankInService(banks, bankMaintenance.suspendedUntil),
  bankConsent,
  account: bankAccount,
  ...phoneFields(phoneRegions),
  smsCode,
})

/** The form of a page that knows the person already. */
export const cardForm = (ports: CardFormPorts) =>
  z.object(cardFields(ports)).check(...phoneRules(ports.phoneRegions))

export type CardForm = z.output<ReturnType<typeof cardForm>>

/** The person that has to be the holder of card and phone. */
export type Claimant = { readonly name: string; readonly document: IdDocument }

/**
 * Verifies name, document, account and reserved phone together (guide, question 五). The SMS code is checked first, then
 * the kind of the card, then the bank is asked. The code stays valid until the step passes and uses it up.
 */
export async function verifyFourElements(
  { bank, account, phone, smsCode: typed }: CardForm,
  { name, document }: Claimant,
  code: SmsCodeBinding,
  visitor: Visitor,
  now: number,
  ports: FourElementsPorts,
  accountId?: string,
): Promise<CardProof | Refusal> {
  const badCode = await checkSmsCode(code, typed, ports)
  if (badCode) return badCode
  const claim = { bank, name, ...documentAtBank(document), account, phone }
  const answer = await verifyBankCard(
    claim,
    documentCounterKey(document),
    code.flow,
    visitor,
    ports,
    accountId,
  )
  if (!('proof' in answer)) return withCodeValidity(answer, code, ports)
  const { kind } = answer.proof
  return {
    name,
    document,
    phone,
    card: { bank, account, provedAt: now, ...(kind && { kind }) },
    consent: { wording: messages['bankConsent.label'][visitor.locale], at: now },
  }
}
