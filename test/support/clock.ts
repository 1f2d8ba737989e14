import type { Clock } from '../../src/ports/clock.ts'

/** A clock that stands still until it is turned. */
export function testClock(): { readonly clock: Clock; turn(seconds: number): void } {
  let now = Date.now()
  return {
    clock: () => now,
    turn(seconds) {
      now += seconds * 1000
    },
  }
}
