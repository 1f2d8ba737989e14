import type { Clock } from '../../ports/clock.ts'
import type { Breaker } from '../../ports/services/breaker.ts'

export type BreakerRule = {
  /** Outages in a row that open it. */
  readonly failures: number
  /** Seconds until one request tries again. */
  readonly rest: number
  readonly clock: Clock
  /** Told when it opens and when it closes, for the log. */
  readonly report?: ((state: 'open' | 'closed') => void) | undefined
}

type Meaning<Answer> = {
  /** What an answer says about the service; undefined when it may have come without asking it. */
  readonly health: (answer: Answer) => 'up' | 'down' | undefined
  /** The answer while it is open. */
  readonly refusal: Answer
}

/**
 * Stops asking a service that is down, so that nobody waits for its time-outs and it can recover. A rejection
 * counts as an outage. Each process has its own.
 */
export function withBreaker<Question, Answer>(
  ask: (question: Question) => Promise<Answer>,
  { health, refusal }: Meaning<Answer>,
  { failures, rest, clock, report }: BreakerRule,
): Breaker & { ask(question: Question): Promise<Answer> } {
  let inARow = 0
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
    inARow = 0
  }

  return {
    isOpen,
    async ask(question) {
      if (isOpen()) return refusal
      const isTrial = openUntil !== undefined
      trying = isTrial
      const settle = (is: 'up' | 'down' | undefined) => {
        // One that left before it opened comes back too late to say anything about now.
        if (openUntil !== undefined && !isTrial) return
        trying = false
        if (is === 'up') close()
        if (is === 'down' && ++inARow >= failures) open()
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
