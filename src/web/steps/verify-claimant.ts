import type * as z from 'zod'
import type { CardProof, CodeProof } from '../../people/identity-proof.ts'
import type { Refusal } from '../../people/refusal.ts'
import type { Visitor } from '../../people/visitor.ts'
import type { SmsCodeBinding } from '../../ports/sms-codes.ts'
import {
  type CounterCodePorts,
  type CounterForm,
  counterFields,
  counterForm,
  verifyCounterCode,
} from '../../proofs/verify-counter-code.ts'
import {
  type CardForm,
  type Claimant,
  cardFields,
  cardForm,
  type FourElementsPorts,
  verifyFourElements,
} from '../../proofs/verify-four-elements.ts'
import type { Typed, Visit } from '../flow/flow-definition.ts'

export type ClaimantPorts = FourElementsPorts & CounterCodePorts

/** Either the card's fields, or a 核验码 in place of them. */
export type ProofForm = CardForm | CounterForm

/** Whether the person chose 使用人工核验码: the hidden field `proof` of the form. */
const usesCounterCode = ({ proof }: Typed): boolean => proof === 'counter'

/** The fields of the way that the person chose, to be spread into a form that checks `phoneRules`. */
export const proofFields = (
  ports: ClaimantPorts,
  typed: Typed,
): ReturnType<typeof cardFields> | ReturnType<typeof counterFields> =>
  usesCounterCode(typed) ? counterFields(ports) : cardFields(ports)

/** The form of a page that knows the person already. */
export const proofForm = (ports: ClaimantPorts, typed: Typed): z.ZodType<ProofForm> =>
  usesCounterCode(typed) ? counterForm(ports) : cardForm(ports)

/**
 * Verifies a person by card or by 核验码, after the SMS code. A card is charged for; a 核验码 costs one of its tries if it is
 * wrong.
 * @param accountId the person's account, if they are registered
 */
export const verifyClaimant = (
  form: ProofForm,
  claimant: Claimant,
  code: SmsCodeBinding,
  visitor: Visitor,
  now: number,
  ports: ClaimantPorts,
  accountId?: string,
): Promise<CardProof | CodeProof | Refusal> =>
  'counterCode' in form
    ? verifyCounterCode(form, claimant, code, visitor, now, ports, accountId)
    : verifyFourElements(form, claimant, code, visitor, now, ports, accountId)

/** Records the use of a 核验码, if the account was proved by one. */
export async function recordCounterProof(
  accountId: string,
  isUsed: boolean,
  { visitor: { address } }: Pick<Visit<unknown>, 'visitor'>,
  { audit }: Pick<ClaimantPorts, 'audit'>,
): Promise<void> {
  if (isUsed) await audit.record({ what: 'counter-proof-used', accountId, address })
}
