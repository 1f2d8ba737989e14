import cluster from 'node:cluster'
import { on, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLogger } from 'pino'
import { shareWorkerMetrics } from './worker-metrics.ts'

/** Pauses before a worker that died early is replaced, in ms. After the last one, the supervisor gives up. */
const pauses = [100, 1000, 5000]

/** A worker that lived this long, in ms, starts the pauses anew: its death had another cause than the last one. */
const stableAfter = 60_000

/**
 * Runs `count` workers on the same ports, of which there are `ports` (`node:cluster`); they share only the stores, and get
 * `environment` besides ours. A worker that dies is replaced. All workers end when this process gets a signal, or when one
 * cannot be replaced: then with that worker's exit status.
 */
export async function superviseProcesses(
  count: number,
  ports: number,
  environment: Readonly<Record<string, string>>,
  log: Pick<BaseLogger, 'error' | 'info'>,
): Promise<void> {
  const ending = new AbortController()
  let listening = false

  function endAll(): void {
    ending.abort()
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM')
  }

  function giveUp(status: number | null): void {
    process.exitCode = status || 1
    log.error('a process can not be kept: all end')
    endAll()
  }

  async function superviseOne(): Promise<void> {
    for (let earlyDeaths = 0; !ending.signal.aborted; ) {
      const began = performance.now()
      const worker = cluster.fork(environment)
      const [status, signal] = await once(worker, 'exit')
      if (ending.signal.aborted) return
      log.error({ process: worker.process.pid, status, signal }, 'a process died')
      earlyDeaths = performance.now() - began < stableAfter ? earlyDeaths + 1 : 0
      const pause = earlyDeaths ? pauses[earlyDeaths - 1] : 0
      // Before the first worker listens, a death means that the configuration or a store is at fault.
      if (!listening || pause === undefined) return giveUp(status)
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => {})
    }
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, endAll)
  shareWorkerMetrics()
  // The first worker starts alone: it creates the indexes and shows whether the stores can be reached.
  const listens = untilListening(ports)
  const first = superviseOne()
  await Promise.race([listens, first])
  listening = true
  await Promise.all([first, ...Array.from({ length: count - 1 }, superviseOne)])
}

/** Resolves when a worker listens on the last one of so many ports. */
async function untilListening(ports: number): Promise<void> {
  let open = 0
  for await (const _ of on(cluster, 'listening')) {
    open += 1
    if (open === ports) return
  }
}
