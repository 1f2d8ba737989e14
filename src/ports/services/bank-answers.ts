import type { BankAnswer, BankClaim } from './bank-verification.ts'

/** What a bank was asked for one attempt: a flow, or a request of a terminal. */
export type BankQuestion = { readonly attempt: string; readonly claim: BankClaim }

/**
 * Answers of the bank, each of which was paid for, until their attempt has used them. Promises:
 * - an answer is found by its attempt and the whole claim only, and is encrypted;
 * - it is kept for 10 minutes. A match is found again and again, since what follows it may come to an outage; anything
 *   else is found once.
 */
export interface BankAnswers {
  /** The bank is being asked. */
  expect(question: BankQuestion): Promise<void>
  keep(question: BankQuestion, answer: BankAnswer): Promise<void>
  forget(question: BankQuestion): Promise<void>
  find(question: BankQuestion): Promise<BankAnswer | 'expected' | undefined>
}
