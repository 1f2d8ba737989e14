import type { Clock } from '../../ports/clock.ts'
import type { Breaker } from '../../ports/services/breaker.ts'

export type BreakerRule = {
  /** The number of consecutive outages that opens the breaker. */
  readonly failures: number
  /** Seconds until one trial request is sent. */
  readonly rest: number
  readonly clock: Clock
  /** Receives each change of state, for the log. */
  readonly report?: ((state: 'open' | 'closed') => void) | undefined
}

type AnswerMeaning<Answer> = {
  /** Judges the service by an answer; undefined if the adapter may have answered without a call. */
  readonly health: (answer: Answer) => 'up' | 'down' | undefined
  /** The answer while the breaker is open. */
  readonly refusal: Answer
}

/**
 * A circuit breaker: stops calls to a service that is down, so that nobody waits for its time-outs and the service can
 * recover. A rejected call counts as an outage. Each process has breakers of its own.
 */
export function withBreaker<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
  { health, refusal }: AnswerMeaning<Answer>,
  { failures, rest, clock, report }: BreakerRule,
): Breaker & { ask(question: Question): Promise<Answer> } {
  let consecutiveOutages = 0
  let openUntil: number | undefined
  let trying = false

  const isOpen = () => openUntil !== undefined && (trying || clock() < openUntil)
  const open = () => {
    if (openUntil === undefined) report?.('open')
    openUntil = clock() + rest * 1000
  }
  const close = () => {
    if (openUntil !== undefined) report?.('closed')
    openUntil = undefined
    consecutiveOutages = 0
  }

  return {
    isOpen,
    async ask(question) {
      if (isOpen()) return refusal
      const isTrial = openUntil !== undefined
      trying = isTrial
      const settle = (is: 'up' | 'down' | undefined) => {
        // A call that began before the breaker opened says nothing about the present state.
        if (openUntil !== undefined && !isTrial) return
        trying = false
        if (is === 'up') close()
        if (is === 'down' && ++consecutiveOutages >= failures) open()
      }
      try {
        const answer = await ask(question)
        settle(health(answer))
        return answer
      } catch (error) {
        settle('down')
        throw error
      }
    },
  }
}
