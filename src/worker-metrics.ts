import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import { AggregatorRegistry } from 'prom-client'
import type { MetricFamilies } from './adapters/metrics/process-metrics.ts'
import type { GatherMetrics } from './adapters/metrics/scrape.ts'

/**
 * How the metrics of all workers come together (decision 0284): the worker that is scraped sends `scrape`; the supervisor
 * sends `give` to all workers, which answer `given`; it sends all of these back as `all`.
 */
type Message =
  | { readonly metrics: 'scrape' | 'give'; readonly id: number }
  | { readonly metrics: 'given'; readonly id: number; readonly families: MetricFamilies }
  | { readonly metrics: 'all'; readonly id: number; readonly processes: readonly MetricFamilies[] }

/** Milliseconds. A worker that is blocked counts with what it gave before. */
const patience = 1000

/** In a worker: asks the supervisor for the metrics of all workers, and gives it those of this one. */
export const metricsOfWorkers: GatherMetrics = (own) => {
  const open = new Map<number, (processes: readonly MetricFamilies[]) => void>()
  let scrapes = 0
  const send = (message: Message) => void process.send?.(message)
  process.on('message', (message: Message) => {
    if (message.metrics === 'give')
      void own().then((families) => send({ metrics: 'given', id: message.id, families }))
    if (message.metrics === 'all') {
      open.get(message.id)?.(message.processes)
      open.delete(message.id)
    }
  })
  return () =>
    new Promise((resolve) => {
      scrapes += 1
      open.set(scrapes, resolve)
      send({ metrics: 'scrape', id: scrapes })
    })
}

/**
 * In the supervisor: collects the metrics of all workers for the one that is scraped. The counters of a worker that ended
 * stay in the sum: a smaller sum would look to Prometheus as if all workers had started anew, and be counted twice.
 */
export function shareWorkerMetrics(): void {
  const latest = new Map<number, MetricFamilies>()
  const rounds = new Map<number, { readonly missing: Set<number>; readonly done: () => void }>()
  let ended = Promise.resolve<MetricFamilies>([])
  let count = 0

  function heard(round: number, worker: number): void {
    const { missing, done } = rounds.get(round) ?? {}
    missing?.delete(worker)
    if (missing?.size === 0) done?.()
  }

  async function collect(): Promise<readonly MetricFamilies[]> {
    count += 1
    const id = count
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined)
    const missing = new Set(workers.map((worker) => worker.id))
    const all = new Promise<void>((done) => rounds.set(id, { missing, done }))
    for (const worker of workers) send(worker, { metrics: 'give', id })
    await Promise.race([all, sleep(patience)])
    rounds.delete(id)
    return [...latest.values(), await ended]
  }

  cluster.on('message', (worker: Worker, message: Message) => {
    // An answer may come after the exit, and the counts of a worker that ended are in `ended` already.
    if (message.metrics === 'given' && !worker.isDead()) {
      latest.set(worker.id, message.families)
      heard(message.id, worker.id)
    }
    if (message.metrics === 'scrape') {
      const { id } = message
      void collect().then((processes) => send(worker, { metrics: 'all', id, processes }))
    }
  })
  cluster.on('exit', ({ id }: Worker) => {
    for (const round of rounds.keys()) heard(round, id)
    const last = latest.get(id) ?? []
    latest.delete(id)
    ended = ended.then((before) => addEnded(before, last))
  })
}

/** A worker that has just ended takes no message any more. */
const send = (worker: Worker, message: Message): void =>
  void (worker.isConnected() && worker.send(message, () => {}))

/** Adds what only grows. The gauges of a worker end with it. */
const addEnded = (before: MetricFamilies, last: MetricFamilies): Promise<MetricFamilies> =>
  AggregatorRegistry.aggregate([
    before,
    last.filter(({ type }) => ['counter', 'histogram'].includes(String(type))),
  ]).getMetricsAsJSON()
