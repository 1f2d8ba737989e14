import type { IdDocument } from '../people/fields/id-document.ts'
import type { NewTask } from './tasks.ts'

/** The person that a 核验码 is for, as the operators confirmed them. `phone` is in E.164. */
export type CounterProofHolder = {
  readonly name: string
  readonly document: IdDocument
  readonly phone: string
}

/** The right code. Times are in ms since 1970. */
export type RightCode = {
  /** The record that is used up with the registration or change (`NewCounterProof`). */
  readonly id: string
  readonly provedAt: number
  /** The account that may be changed with it. Absent: there was none. */
  readonly account?: string
  /** The code must not be accepted before. */
  readonly goodFrom: number
}

/**
 * The 核验码 of 人工核验. Promises:
 * - a code is random, stored as a digest, and good once, for `policy.counterProofs.lifetime`, for one name, document and
 *   phone; the newest one voids an earlier one for the same document and phone;
 * - `policy.counterProofs.tries` wrong codes void it, even when they come at the same time;
 * - the store of accounts uses it up in the transaction that stores the account, so that it is neither lost nor used twice.
 */
export interface CounterProofs {
  /**
   * Issues a code, together with the tasks that send it. A repetition with the same `id` changes nothing.
   * @param account the account that the person has: the code may change it, after `policy.counterProofs.waitOfKnown`
   */
  issue(
    id: string,
    holder: CounterProofHolder,
    account: string | undefined,
    messages: (code: string) => readonly NewTask[],
  ): Promise<void>
  /** Compares a typed code, and counts a wrong one. */
  check(holder: CounterProofHolder, typed: string): Promise<RightCode | 'wrong'>
}
