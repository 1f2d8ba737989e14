import type { Banks } from '../../config/banks.ts'
import type { Policy } from '../../config/policy.ts'
import { cardFinding, maskedAccount } from '../people/bank-card.ts'
import { maskedIdNumber } from '../people/id-document.ts'
import { maskedName } from '../people/person-name.ts'
import { maskedPhone } from '../people/phone.ts'
import { type Refusal, refuse } from '../people/refusal.ts'
import type { Audit } from '../ports/audit.ts'
import type { BankClaim, BankFinding, BankVerification } from '../ports/bank-verification.ts'
import type { Cases } from '../ports/cases.ts'
import type { Limits } from '../ports/limits.ts'
import { takeFor } from './limits.ts'
import { outage } from './outage.ts'
import type { Visitor } from './visitor.ts'

export type BankProofPorts = {
  readonly bank: BankVerification
  readonly banks: Banks
  readonly limits: Limits
  readonly audit: Audit
  readonly cases: Cases
  readonly policy: Pick<Policy, 'bankCheck' | 'outside'>
}

export type BankProof = { readonly kind?: 'debit' | 'social-security' }

/**
 * Asks the bank whether name, document, account and reserved phone are those of one person.
 * What the card's first digits tell is said before anyone is paid, and costs nothing.
 * `person` is the key of the ID document (`documentKey`). An outage or a used-up quota costs the person nothing.
 */
export async function proveBankCard(
  claim: BankClaim,
  person: string,
  visitor: Visitor,
  { bank, banks, limits, audit, cases, policy }: BankProofPorts,
): Promise<{ readonly proof: BankProof } | Refusal> {
  const { bankCheck } = policy
  const finding = cardFinding(claim.account, claim.bank, banks)
  if (finding === 'credit') return bankRefusal.not_debit
  if (finding === 'other_bank') return refuse('account', 'account.otherBank')
  const taken = await takeFor(
    visitor,
    'bank',
    bankCheck.perAddress,
    [
      { name: 'bank.card', subject: claim.account, ...bankCheck.perCard },
      { name: 'bank.id-phone', subject: `${person} ${claim.phone}`, ...bankCheck.perIdAndPhone },
      { name: 'bank.id', subject: person, ...bankCheck.perId },
    ],
    limits,
  )
  if (!('ok' in taken)) return taken
  const { outcome, cardKind } = await bank.verify(claim)
  const failed = outcome === 'quota' || outcome === 'unavailable'
  if (failed) await taken.giveBack()
  await audit.record({ what: 'bank-asked', address: visitor.address, detail: outcome })
  if (failed) return outage('bank.unavailable', policy)
  if (outcome === 'match') return { proof: cardKind ? { kind: cardKind } : {} }
  const refusal = bankRefusal[outcome]
  return refusal.code === 'bank.mismatch' ? mismatch(claim, outcome, cases) : refusal
}

/**
 * The one sentence for everything that does not agree, with a number under which support sees the `finding`; also
 * where the bank confirmed the person and the account is not theirs.
 */
export async function mismatch(
  { name, idType, idNumber, bank, account, phone }: BankClaim,
  finding: string,
  cases: Cases,
): Promise<Refusal> {
  const caseNumber = await cases.open({
    finding,
    name: maskedName(name),
    idType,
    idNumber: maskedIdNumber(idNumber),
    bank,
    account: maskedAccount(account),
    phone: maskedPhone(phone),
  })
  return refuse('form', 'bank.mismatch', { params: { caseNumber } })
}

/** What the person reads; never which part differs (specification, section 3). */
const bankRefusal = {
  mismatch: refuse('form', 'bank.mismatch'),
  no_record: refuse('form', 'bank.mismatch'),
  card_unusable: refuse('form', 'bank.mismatch'),
  not_debit: refuse('account', 'bank.notDebit'),
  unsupported_bank: refuse('bank', 'bank.unsupported'),
  unsupported_document: refuse('form', 'bank.unsupportedDocument'),
} as const satisfies Record<Exclude<BankFinding, 'match'>, Refusal>
