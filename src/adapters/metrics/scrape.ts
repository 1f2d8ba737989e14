import { setTimeout as sleep } from 'node:timers/promises'
import { AggregatorRegistry, Gauge, Registry } from 'prom-client'
import type { Clock } from '../../ports/clock.ts'
import { type Budgets, budgetNames } from '../../ports/services/budgets.ts'
import type { TaskQueue } from '../../ports/tasks.ts'
import type { MetricFamilies, ProcessMetrics } from './process-metrics.ts'

/** Collects the families of all processes that share the ports, given those of this one. */
export type GatherMetrics = (
  own: () => Promise<MetricFamilies>,
) => () => Promise<readonly MetricFamilies[]>

/** Milliseconds. A store that takes longer is down: its numbers are absent, the others are answered. */
const storeDeadline = 2000

/** The text of `/metrics`: the metrics of all processes added up, and the numbers that only the stores have. */
export function scrape(
  { families, registry }: Pick<ProcessMetrics, 'families' | 'registry'>,
  ports: {
    readonly tasks: Pick<TaskQueue, 'waiting'>
    readonly budgets: Pick<Budgets, 'used'>
    readonly clock: Clock
  },
  gather: GatherMetrics = (own) => async () => [await own()],
) {
  const gathered = gather(families)
  return async () => {
    const [processes, stores] = await Promise.all([gathered(), ofStores(ports)])
    const texts = [AggregatorRegistry.aggregate([...processes]), stores].map((each) =>
      each.metrics(),
    )
    return { type: registry.contentType, text: (await Promise.all(texts)).join('\n') }
  }
}

/** Asked once a scrape, since every process would get the same answer. */
async function ofStores({ tasks, budgets, clock }: Parameters<typeof scrape>[1]) {
  const registry = new Registry()
  const registers = [registry]
  const waiting = new Gauge({
    ...{ registers, name: 'uup_tasks_waiting', labelNames: ['kind'] },
    help: 'Tasks that are due and not done, 10,000 at most.',
  })
  const oldest = new Gauge({
    ...{ registers, name: 'uup_tasks_oldest_seconds', labelNames: ['kind'] },
    help: 'For how long the oldest task that waits has been due.',
  })
  const used = new Gauge({
    ...{ registers, name: 'uup_budget_used_ratio', labelNames: ['budget'] },
    help: 'The used part of a budget in the present hour or day.',
  })
  const now = clock()
  await Promise.all([
    whileUp(tasks.waiting(), (kinds) => {
      for (const { kind, waiting: count, oldest: since = now } of kinds) {
        waiting.set({ kind }, count)
        oldest.set({ kind }, Math.max(0, now - since) / 1000)
      }
    }),
    ...budgetNames.map((name) =>
      whileUp(budgets.used(name), (use) => {
        for (const window of ['hour', 'day'] as const)
          used.set({ budget: `${name}.${window}` }, use[window].used / use[window].amount)
      }),
    ),
  ])
  return registry
}

/** An outage of a store is seen by its own metrics, so it is no error here. */
const whileUp = <Found>(found: Promise<Found>, use: (found: Found) => void): Promise<void> =>
  Promise.race([found.then(use), sleep(storeDeadline, undefined, { ref: false })]).catch(() => {})
