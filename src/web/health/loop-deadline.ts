import { setTimeout as sleep } from 'node:timers/promises'

export type WorkOutcome = {
  readonly ended: 'done' | 'failed' | 'late'
  readonly error?: unknown
  /** The longest time in ms that the event loop was blocked meanwhile. */
  readonly blocked: number
}

const step = 50

/**
 * Waits for `work` during `ms`, which the event loop counts in small steps. A response that arrived while the loop was
 * blocked is read between two steps, so that a blocked loop alone makes nothing late. Never rejects.
 */
export async function withinLoopTime(work: Promise<unknown>, ms: number): Promise<WorkOutcome> {
  let outcome: Omit<WorkOutcome, 'blocked'> | undefined
  const ending = work.then(
    () => {
      outcome = { ended: 'done' }
    },
    (error: unknown) => {
      outcome = { ended: 'failed', error }
    },
  )
  let blocked = 0
  for (let waited = 0; waited < ms && !outcome; waited += step) {
    const began = performance.now()
    await Promise.race([ending, sleep(step, undefined, { ref: false })])
    blocked = Math.max(blocked, performance.now() - began - step)
  }
  return { ...(outcome ?? { ended: 'late' }), blocked }
}
