import { mock } from 'node:test'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Clock } from '../../src/ports/clock.ts'

/** A clock that stands still until a test advances it. */
export function testClock(): { readonly clock: Clock; turn(seconds: number): void } {
  let now = Date.now()
  return {
    clock: () => now,
    turn(seconds) {
      now += seconds * 1000
    },
  }
}

/** Replaces `Date.now` for the whole process, so for oidc-provider and relying parties too, until `restore`. */
export function processClock(): { turn(seconds: number): void; restore(): void } {
  const { now } = Date
  let ahead = 0
  const { mock: turned } = mock.method(Date, 'now', () => now() + ahead * 1000)
  return {
    turn(seconds) {
      ahead += seconds
    },
    restore: () => turned.restore(),
  }
}

/** A policy whose task queue polls four times a second. */
export const frequentPolling = (usual: Policy): Policy =>
  ({ ...usual, tasks: { ...usual.tasks, poll: 0.25 } }) as unknown as Policy
