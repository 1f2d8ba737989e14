import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { BankAnswers, BankQuestion } from '../../ports/services/bank-answers.ts'
import { isBankFailure } from '../../ports/services/bank-outcomes.ts'
import type {
  BankAnswer,
  BankChecks,
  BankVerification,
} from '../../ports/services/bank-verification.ts'
import type { Breaker } from '../../ports/services/breaker.ts'
import type { Budgets, Recipient } from '../../ports/services/budgets.ts'
import type { BreakerRule } from './circuit-breaker.ts'
import { bankWithBreaker } from './service-breakers.ts'

/**
 * The bank behind its circuit breaker. A request waits for the bank no longer than for other external services. Because
 * each answer costs money, one that arrives later, or that is followed by an outage, is kept for the next request of the
 * same attempt.
 */
export function bankChecks(
  bank: BankVerification,
  answers: BankAnswers,
  budgets: Budgets,
  rule: BreakerRule,
  { timeout, again }: Pick<Policy['externalServices'], 'timeout' | 'again'>,
): BankChecks & Breaker {
  const { verify, isOpen } = bankWithBreaker({ verify: ask }, rule)

  /** A check that may have been paid for stays in the budget, e.g. after a time-out, so that it is never exceeded. */
  async function ask({ recipient, ...question }: PaidQuestion): Promise<BankAnswer> {
    const spent = await budgets.spend('bank', recipient)
    if (!spent.granted) return overBudget
    await answers.expect(question)
    let isLate = false
    const answered = bank.verify(question.claim).then(async (answer) => {
      // If Redis fails meanwhile the answer is still valid.
      await keepFor(question, answer, isLate).catch(() => undefined)
      if (answer.notAsked || answer.outcome === 'quota')
        await spent.giveBack().catch(() => undefined)
      return answer
    })
    const late = sleep(timeout * 1000, unavailable, { ref: false }).then((answer) => {
      isLate = true
      return answer
    })
    return Promise.race([answered, late])
  }

  /** Keeps matches and late answers. Any other answer is used by the request that waits for it, so it is forgotten. */
  async function keepFor(question: BankQuestion, answer: BankAnswer, isLate: boolean) {
    if (isBankFailure(answer.outcome) || (!isLate && answer.outcome !== 'match'))
      return answers.forget(question)
    return answers.keep(question, answer)
  }

  /** The answer to an earlier request of this attempt. If it has not arrived yet, waits for `again` seconds. */
  async function earlierAnswer(question: BankQuestion): Promise<BankAnswer | undefined> {
    const end = performance.now() + again * 1000
    for (;;) {
      const found = await answers.find(question)
      if (found !== 'expected') return found
      if (performance.now() > end) return undefined
      await sleep(100)
    }
  }

  return {
    isOpen,
    async check(claim, attempt, recipient) {
      const question = { attempt, claim }
      return (await earlierAnswer(question)) ?? verify({ ...question, recipient })
    },
  }
}

type PaidQuestion = BankQuestion & { readonly recipient: Recipient }

const unavailable: BankAnswer = { outcome: 'unavailable' }
const overBudget: BankAnswer = { outcome: 'quota', notAsked: true }
