import { setTimeout as sleep } from 'node:timers/promises'
import type { Policy } from '../../../config/policy.ts'
import type { BankAnswers, BankQuestion } from '../../ports/services/bank-answers.ts'
import {
  type BankAnswer,
  type BankChecks,
  type BankVerification,
  isBankFailure,
} from '../../ports/services/bank-verification.ts'
import type { Breaker } from '../../ports/services/breaker.ts'
import type { BreakerRule } from './circuit-breaker.ts'
import { bankWithBreaker } from './service-breakers.ts'

/**
 * The bank behind its circuit breaker. It is waited for as long as any external service, yet its answer, which is paid
 * for, is kept for the attempt when it comes later, and when what follows it comes to an outage.
 */
export function bankChecks(
  bank: BankVerification,
  answers: BankAnswers,
  rule: BreakerRule,
  { timeout, again }: Pick<Policy['externalServices'], 'timeout' | 'again'>,
): BankChecks & Breaker {
  const { verify, isOpen } = bankWithBreaker({ verify: ask }, rule)

  async function ask(question: BankQuestion): Promise<BankAnswer> {
    await answers.expect(question)
    let isLate = false
    const answered = bank.verify(question.claim).then(async (answer) => {
      // Where Redis fails meanwhile the answer is good all the same.
      await keepFor(question, answer, isLate).catch(() => undefined)
      return answer
    })
    const late = sleep(timeout * 1000, unavailable, { ref: false }).then((answer) => {
      isLate = true
      return answer
    })
    return Promise.race([answered, late])
  }

  /** A request that waits for an answer other than a match has used it. */
  async function keepFor(question: BankQuestion, answer: BankAnswer, isLate: boolean) {
    if (isBankFailure(answer.outcome) || (!isLate && answer.outcome !== 'match'))
      return answers.forget(question)
    return answers.keep(question, answer)
  }

  /** The answer to an earlier request of this attempt; one that is on its way is waited for, but not for long. */
  async function earlier(question: BankQuestion): Promise<BankAnswer | undefined> {
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
    async check(claim, attempt) {
      const question = { attempt, claim }
      return (await earlier(question)) ?? verify(question)
    },
  }
}

const unavailable: BankAnswer = { outcome: 'unavailable' }
