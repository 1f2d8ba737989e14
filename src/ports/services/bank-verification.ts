import type { BankName } from '../../../config/banks.ts'
import type { IdTypeName } from '../../../config/id-types.ts'
import type { BankOutcome } from './bank-outcomes.ts'
import type { Recipient } from './budgets.ts'

/** The data that a bank confirms together (guide, question 五). */
export type BankClaim = {
  readonly bank: BankName
  /** As the person typed it: a bank compares rare characters in its own encoding (guide, question 八). */
  readonly name: string
  readonly idType: IdTypeName
  /** ISO 3166-1 alpha-3, of a 护照 whose account has it. */
  readonly idCountry?: string
  readonly idNumber: string
  /** Digits only. */
  readonly account: string
  /** E.164, e.g. `+8613800000000`. */
  readonly phone: string
}

/**
 * `cardKind` is present only with `match`, and only if the provider reports it. `notAsked`: the bank was not asked, because
 * the budget is spent, the circuit breaker is open or the vendor does not know the type of document: it costs nothing.
 */
export type BankAnswer = {
  readonly outcome: BankOutcome
  readonly cardKind?: 'debit' | 'social-security'
  readonly notAsked?: true
}

/**
 * 联网银行信息核验平台. Promises:
 * - `verify` never rejects, and resolves within 40 s; an outage, a time-out, an unreadable answer or an unknown code is
 *   `unavailable`, never a match;
 * - a request is repeated at most once, and only if the first one was certainly not processed: each check is paid for;
 * - nothing of the claim is logged or stored.
 */
export interface BankVerification {
  verify(claim: BankClaim): Promise<BankAnswer>
}

/**
 * The bank checks of an attempt: a flow, or a request of a terminal. Promises beyond `BankVerification`:
 * - `check` resolves within 9 s, to `unavailable` if the bank takes longer than 6 s;
 * - a check is not paid for twice: a late answer, and a match whose request ended in an outage, is returned to the next
 *   request of the same attempt with the same claim. That request waits at most 3 s for it before it asks the bank.
 */
export interface BankChecks {
  check(claim: BankClaim, attempt: string, recipient: Recipient): Promise<BankAnswer>
}
