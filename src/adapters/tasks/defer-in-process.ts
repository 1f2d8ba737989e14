import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLogger } from 'pino'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { DeferWork } from '../../ports/deferred-work.ts'

/** @returns `settled` resolves when no deferred work is under way any more */
export function deferInProcess(
  log: Pick<BaseLogger, 'error'>,
  { least, most }: Readonly<Record<keyof Policy['deferredWork'], number>>,
): {
  readonly defer: DeferWork
  settled(): Promise<void>
} {
  const underWay = new Set<Promise<void>>()
  return {
    defer(what, work) {
      const done = sleep(randomInt(least * 1000, most * 1000 + 1))
        .then(work)
        // Only the error's name is logged: its message may repeat what a person typed.
        .catch((error: unknown) =>
          log.error({ what, error: error instanceof Error ? error.name : typeof error }, 'failed'),
        )
        .finally(() => underWay.delete(done))
      underWay.add(done)
    },
    async settled() {
      while (underWay.size) await Promise.all(underWay)
    },
  }
}
