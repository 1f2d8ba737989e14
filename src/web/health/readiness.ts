import { randomUUID } from 'node:crypto'
import type { BaseLogger } from 'pino'
import type {
  ProcessReport,
  ProcessReports,
  StoreName,
  StoreState,
} from '../../ports/process-reports.ts'
import { withinLoopTime } from './loop-deadline.ts'

export type Verdict = {
  /**
   * `degraded`: a store takes no writes, and other processes report the same, so that this one serves as well as they.
   * `down`: a store takes no writes of this process, and no other process reports the same.
   */
  readonly status: 'up' | 'degraded' | 'down' | 'draining'
  readonly stores: Readonly<Record<StoreName, StoreState>>
}

export type Readiness = {
  /** Whether this process should get requests. The verdict is at most a second old (decision 0189). */
  judge(): Promise<Verdict>
  /** Makes the process unready because it shuts down. */
  drain(): void
}

type Found = Verdict['stores']

/** The time in ms within which a store has to acknowledge a write. */
const deadline = 2000

/** The lifetime of a verdict in ms. Any number of health checks costs each store one write a second. */
const lifetime = 1000

/** A check that failed while the event loop was blocked for that time, in ms, may have failed because of it. */
const blockedTooLong = 1000

const names = ['mongodb', 'redis'] as const

export function readiness(
  stores: Readonly<Record<StoreName, ProcessReports>>,
  log: Pick<BaseLogger, 'error' | 'info'>,
): Readiness {
  const process = randomUUID()
  let found: Found = { mongodb: 'up', redis: 'up' }
  let verdict: Promise<Verdict> | undefined
  let draining = false

  async function stateOf(name: StoreName): Promise<StoreState> {
    const work = stores[name].write({ process, found })
    const { ended, error, blocked } = await withinLoopTime(work, deadline)
    if (ended === 'done') return 'up'
    return blocked > blockedTooLong ? found[name] : stores[name].describe(error)
  }

  async function look(): Promise<Verdict> {
    const [mongodb, redis] = await Promise.all(names.map(stateOf))
    const before = found
    found = { mongodb: mongodb ?? 'up', redis: redis ?? 'up' }
    const up = names.filter((name) => found[name] === 'up')
    const down = names.filter((name) => found[name] !== 'up')
    if (names.some((name) => found[name] !== before[name])) {
      if (down.length) log.error({ stores: found }, 'stores take no writes')
      else log.info({ stores: found }, 'stores take writes again')
      // The other processes learn about a change before this one reads their reports.
      await Promise.all(up.map((name) => settled(stores[name].write({ process, found }))))
    }
    if (down.length === 0) return { status: 'up', stores: found }
    const reports = await reportsOfOthers(up)
    const shared = down.every((name) => isShared(name, reports))
    return { status: shared ? 'degraded' : 'down', stores: found }
  }

  async function reportsOfOthers(up: readonly StoreName[]): Promise<readonly ProcessReport[]> {
    const reports: ProcessReport[] = []
    await Promise.all(
      up.map((name) =>
        settled(stores[name].latest().then((latest) => void reports.push(...latest))),
      ),
    )
    return reports.filter((report) => report.process !== process)
  }

  return {
    async judge() {
      if (draining) return { status: 'draining', stores: found }
      verdict ??= look().finally(() => {
        setTimeout(() => {
          verdict = undefined
        }, lifetime).unref()
      })
      return verdict
    },
    drain() {
      draining = true
    },
  }
}

const settled = (work: Promise<unknown>) => withinLoopTime(work, deadline)

/** Whether there are other processes and none of them finds the store up. */
const isShared = (name: StoreName, reports: readonly ProcessReport[]): boolean =>
  reports.length > 0 && reports.every(({ found }) => found[name] !== 'up')
