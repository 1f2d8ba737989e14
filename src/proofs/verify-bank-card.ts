import type { Banks } from '../../config/banks.ts'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import { cardFinding, maskedAccount } from '../people/fields/bank-card.ts'
import { documentOfClaim, maskedIdNumber } from '../people/fields/id-document.ts'
import { maskedName } from '../people/fields/person-name.ts'
import { maskedPhone } from '../people/fields/phone.ts'
import { isLongWait, type Message, type Refusal, refuse, withNotes } from '../people/refusal.ts'
import type { Visitor } from '../people/visitor.ts'
import type { Audit } from '../ports/audit.ts'
import type { Allowance, Limits, Remaining } from '../ports/limits.ts'
import type { BankMaintenance } from '../ports/operators/bank-maintenance.ts'
import { type BankFinding, isBankFailure } from '../ports/services/bank-outcomes.ts'
import type { BankChecks, BankClaim } from '../ports/services/bank-verification.ts'
import { spentOf, takeAttempt } from './attempt-limits.ts'
import { waysLeft } from './limit-sentences.ts'
import { serviceOutage } from './service-outage.ts'

export type BankProofPorts = {
  readonly bank: BankChecks
  readonly banks: Banks
  readonly bankMaintenance: Pick<BankMaintenance, 'suspendedUntil'>
  readonly limits: Limits
  readonly audit: Audit
  readonly policy: Pick<Policy, 'bankCheck' | 'externalServices'>
}

export type VerifiedBankCard = { readonly kind?: 'debit' | 'social-security' }

/**
 * Asks the bank whether name, document, account and reserved phone belong to one person. The prefix of the card is
 * checked first, since that is free. An outage or a used-up quota of the bank does not count against the person's
 * limits.
 * @param person key of the ID document (`documentCounterKey`)
 * @param attempt id of the flow or of the terminal's request
 * @param accountId account of the person, if registered: such a check may use the reserve of the budget
 */
export async function verifyBankCard(
  claim: BankClaim,
  person: string,
  attempt: string,
  visitor: Visitor,
  ports: BankProofPorts,
  accountId?: string,
): Promise<{ readonly proof: VerifiedBankCard } | Refusal> {
  const { bank, banks, bankMaintenance, limits, audit, policy } = ports
  // The form was checked before the SMS code, and a terminal's request was not.
  const until = bankMaintenance.suspendedUntil(claim.bank)
  if (until !== undefined) return refuse('bank', 'bank.suspended', { until })
  const finding = cardFinding(claim.account, claim.bank, banks)
  if (finding === 'credit') return bankRefusal.not_debit
  if (finding === 'other_bank') return refuse('account', 'account.otherBank')
  const allowances = allowancesOf(claim, person, attempt, policy)
  const taken = await takeAttempt(visitor, 'bank', policy.bankCheck.perAddress, allowances, limits)
  if (!('ok' in taken)) return isLongWait(taken) ? withCase(taken, claim, taken.code) : taken
  const { outcome, cardKind, notAsked } = await bank.check(
    claim,
    attempt,
    accountId ? 'registered' : 'anyone',
  )
  const failed = isBankFailure(outcome)
  if (failed) await taken.giveBack()
  if (!notAsked)
    await audit.record({
      ...{ what: 'bank-checked', address: visitor.address, flow: attempt, detail: outcome },
      ...(accountId && { accountId }),
    })
  if (failed) return serviceOutage('bank.unavailable', policy)
  if (outcome === 'match') return { proof: cardKind ? { kind: cardKind } : {} }
  const refusal = bankRefusal[outcome]
  return refusal.code === 'bank.mismatch'
    ? mismatchRefusal(claim, person, attempt, outcome, ports)
    : refusal
}

/**
 * The refusal for every mismatch, with the number of checks that are left today, and a case in which support sees the
 * `finding`. It is also returned if the bank confirmed the person, but the account belongs to somebody else.
 */
export async function mismatchRefusal(
  claim: BankClaim,
  person: string,
  attempt: string,
  finding: string,
  { limits, policy }: Pick<BankProofPorts, 'limits' | 'policy'>,
): Promise<Refusal> {
  const left = await limits.left(allowancesOf(claim, person, attempt, policy))
  return withCase(withNotes(bankRefusal.mismatch, checksLeft(left)), claim, finding)
}

const allowancesOf = (
  { account, phone }: BankClaim,
  person: string,
  attempt: string,
  { bankCheck }: Pick<Policy, 'bankCheck'>,
): readonly Allowance[] => [
  { name: 'bank.card', subject: account, ...bankCheck.perCard },
  { name: 'bank.id-phone', subject: `${person} ${phone}`, ...bankCheck.perIdAndPhone },
  { name: 'bank.id', subject: person, ...bankCheck.perId },
  { name: 'bank.phone', subject: phone, ...bankCheck.perPhone },
  { name: 'bank.flow', subject: attempt, ...bankCheck.perFlow },
]

/**
 * The number of checks that are left for this card, person and phone; if there is none, until when, and another way.
 */
function checksLeft(each: readonly Remaining[]): readonly Message[] {
  const checks = Math.min(...each.map(({ left }) => left))
  if (checks > 0) return [{ code: 'bank.left', params: { checks } }]
  const spent = spentOf(each)
  const retryAfter = Math.max(...spent.map((limit) => limit.retryAfter))
  const ways = waysLeft(spent.map(({ name }) => name))
  return [{ code: 'bank.noneLeft', retryAfter }, ...ways.map((code) => ({ code }))]
}

const withCase = (
  refusal: Refusal,
  { name, idType, idCountry, idNumber, bank, account, phone }: BankClaim,
  finding: string,
): Refusal => ({
  ...refusal,
  case: {
    finding,
    name: maskedName(name),
    idType,
    ...(idCountry && { idCountry }),
    idNumber: maskedIdNumber(idNumber),
    bank,
    account: maskedAccount(account),
    phone: maskedPhone(phone),
    document: documentOfClaim({ idType, idNumber, ...(idCountry && { idCountry }) }),
  },
})

/** The messages for the bank's findings. They never disclose which part differs (specification, section 3). */
const bankRefusal = {
  mismatch: refuse('form', 'bank.mismatch'),
  no_record: refuse('form', 'bank.mismatch'),
  card_unusable: refuse('form', 'bank.mismatch'),
  not_debit: refuse('account', 'bank.notDebit'),
  unsupported_bank: refuse('bank', 'bank.unsupported'),
  unsupported_document: refuse('form', 'bank.unsupportedDocument'),
} as const satisfies Record<Exclude<BankFinding, 'match'>, Refusal>
