import type { BankName } from '../../../config/banks.ts'
import type { IdTypeName } from '../../../config/id-types.ts'

/** The five things that a bank confirms together (guide, question 五). */
export type BankClaim = {
  readonly bank: BankName
  /** As the person typed it: a bank compares rare characters as it holds them (guide, question 八). */
  readonly name: string
  readonly idType: IdTypeName
  readonly idNumber: string
  /** Digits only. */
  readonly account: string
  /** E.164, e.g. `+8613800000000`. */
  readonly phone: string
}

/** What the person's data was found to be. These count against the limits of the card and the ID. */
export const bankFindings = [
  'match',
  'mismatch',
  'no_record',
  'card_unusable',
  'not_debit',
  'unsupported_document',
  'unsupported_bank',
] as const

/** The check could not be made. These never count against the person. */
export const bankFailures = ['quota', 'unavailable'] as const

export type BankFinding = (typeof bankFindings)[number]
export type BankFailure = (typeof bankFailures)[number]
export type BankOutcome = BankFinding | BankFailure

export const isBankFailure = (outcome: BankOutcome): outcome is BankFailure =>
  (bankFailures as readonly BankOutcome[]).includes(outcome)

/** `cardKind` only with `match`, and only where the verifier tells it. */
export type BankAnswer = {
  readonly outcome: BankOutcome
  readonly cardKind?: 'debit' | 'social-security'
}

/**
 * 联网银行信息核验平台. Promises:
 * - resolves always, within 40 s, with one outcome of the vocabulary; an outage, a time-out, an unreadable
 *   answer or an unknown code is `unavailable`, never a match;
 * - repeats a request once at most, and only when the first certainly was not carried out (each check is paid for);
 * - writes nothing of the claim anywhere.
 */
export interface BankVerification {
  verify(claim: BankClaim): Promise<BankAnswer>
}

/**
 * Bank checks of an attempt: a flow, or a request of a terminal. Promises beyond `BankVerification`:
 * - an answer within 9 s, `unavailable` where the bank takes longer than 6 s;
 * - nobody pays twice: an answer that came later, and a match whose request came to an outage, is given to the next
 *   request of the same attempt with the same claim. One that still waits for it after 3 s asks anew.
 */
export interface BankChecks {
  check(claim: BankClaim, attempt: string): Promise<BankAnswer>
}
