import type { BaseLogger } from 'pino'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { AuditTrail } from './audit-mongo.ts'

/**
 * Covers the new events of this process with a signed head every minute, and looks after older days every hour.
 * @returns `stop` covers what is left and ends both; `finish` covers what was recorded since, and ends the outlets
 */
export function auditUpkeep(
  trail: Pick<AuditTrail, 'close' | 'cover' | 'keepHouse'>,
  policy: Policy['audit'],
  log: Pick<BaseLogger, 'error'>,
): { stop(): Promise<void>; finish(): Promise<void> } {
  const covering = repeated(trail.cover, policy.heads, 'audit events can not be covered', log)
  const house = repeated(trail.keepHouse, policy.house, 'audit days can not be looked after', log)
  return {
    finish: () =>
      trail
        .close()
        .catch((error: unknown) => log.error({ err: error }, 'audit events are not covered')),
    async stop() {
      await Promise.all([covering.end(), house.end()])
      await covering.now()
    },
  }
}

/** Repeats work after each `pause` in seconds. A failure is logged when it begins, not at every attempt. */
function repeated(
  work: () => Promise<void>,
  pause: number,
  failure: string,
  log: Pick<BaseLogger, 'error'>,
) {
  let failing = false
  let running = Promise.resolve()
  let ended = false
  let timer: NodeJS.Timeout
  async function now(): Promise<void> {
    try {
      await work()
      failing = false
    } catch (error) {
      if (!failing) log.error({ err: error }, failure)
      failing = true
    }
  }
  const schedule = () => {
    timer = setTimeout(() => {
      running = now().then(() => {
        if (!ended) schedule()
      })
    }, pause * 1000).unref()
  }
  schedule()
  return {
    now,
    async end() {
      ended = true
      clearTimeout(timer)
      await running
    },
  }
}
