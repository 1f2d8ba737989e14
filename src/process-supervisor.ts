import cluster from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLogger } from 'pino'

/** Pauses before another process takes the place of one that died soon after its beginning, in ms; then nobody does. */
const pauses = [100, 1000, 5000]

/** One that lived so long, in ms, did not die of what the last one died of. */
const long = 60_000

/**
 * Keeps `count` processes on one port (`node:cluster`), each with everything of its own but the stores. Another takes
 * the place of one that dies. All end when this one is told to, or when one can't be kept: then with its status.
 */
export async function keepProcesses(
  count: number,
  log: Pick<BaseLogger, 'error' | 'info'>,
): Promise<void> {
  const ending = new AbortController()
  let listening = false

  function end(): void {
    ending.abort()
    for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGTERM')
  }

  function giveUp(status: number | null): void {
    process.exitCode = status || 1
    log.error('a process can not be kept: all end')
    end()
  }

  async function keepOne(): Promise<void> {
    for (let soon = 0; !ending.signal.aborted; ) {
      const began = performance.now()
      const worker = cluster.fork()
      const [status, signal] = await once(worker, 'exit')
      if (ending.signal.aborted) return
      log.error({ process: worker.process.pid, status, signal }, 'a process died')
      soon = performance.now() - began < long ? soon + 1 : 0
      const pause = soon ? pauses[soon - 1] : 0
      // Where none has ever listened, the next one would not either.
      if (!listening || pause === undefined) return giveUp(status)
      await sleep(pause, undefined, { signal: ending.signal }).catch(() => {})
    }
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, end)
  // The first alone makes indexes and finds out whether the stores are there.
  const first = keepOne()
  await Promise.race([once(cluster, 'listening'), first])
  listening = true
  await Promise.all([first, ...Array.from({ length: count - 1 }, keepOne)])
}
