import cluster, { type Worker } from 'node:cluster'
import { Counter, Registry } from 'prom-client'
import { shareWorkerMetrics } from '../../src/worker-metrics.ts'

/** The families of a process that answered so many requests. */
function familiesOf(requests: number) {
  const registry = new Registry()
  const counter = new Counter({ name: 'requests', help: 'Requests.', registers: [registry] })
  counter.inc(requests)
  return registry.getMetricsAsJSON()
}

/** A worker as `node:cluster` shows it. `processes` is what it was sent at its last scrape. */
function workerOf(id: number, isDead: boolean) {
  let heard: (processes: readonly unknown[]) => void
  const processes = new Promise<readonly unknown[]>((resolve) => {
    heard = resolve
  })
  const send = (message: { readonly processes: readonly unknown[] }) => heard(message.processes)
  const worker = { id, isDead: () => isDead, isConnected: () => true, send } as unknown as Worker
  return { worker, processes }
}

test('the counts of a worker whose answer comes after its exit are added once', async () => {
  shareWorkerMetrics()
  const { worker } = workerOf(1, false)
  cluster.emit('message', worker, { metrics: 'given', id: 1, families: await familiesOf(3) })
  cluster.emit('exit', worker, null, 'SIGKILL')
  const dead = workerOf(1, true).worker
  cluster.emit('message', dead, { metrics: 'given', id: 1, families: await familiesOf(4) })
  const scraped = workerOf(2, false)
  cluster.emit('message', scraped.worker, { metrics: 'scrape', id: 1 })
  const requests = (await scraped.processes).flat() as readonly { values: { value: number }[] }[]
  expect(requests.flatMap(({ values }) => values.map(({ value }) => value))).toEqual([3])
})
