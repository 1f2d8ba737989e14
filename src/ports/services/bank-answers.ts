import type { BankAnswer, BankClaim } from './bank-verification.ts'

/** A bank check that belongs to an attempt: a flow, or a request of a terminal. */
export type BankQuestion = { readonly attempt: string; readonly claim: BankClaim }

/**
 * The bank's answers, until their attempt has used them: each one was paid for. Promises:
 * - an answer is encrypted, and found only by its attempt and the whole claim;
 * - it is kept for 10 minutes. A match can be found repeatedly, since an outage may interrupt the request that uses it;
 *   any other answer is found once.
 */
export interface BankAnswers {
  /** Records that the bank is being asked; `find` then returns `expected`. */
  expect(question: BankQuestion): Promise<void>
  keep(question: BankQuestion, answer: BankAnswer): Promise<void>
  forget(question: BankQuestion): Promise<void>
  find(question: BankQuestion): Promise<BankAnswer | 'expected' | undefined>
}
