import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLogger } from 'pino'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import {
  type ClaimedTask,
  type TaskHandler,
  type TaskHandlers,
  type TaskKind,
  type TaskQueue,
  taskKinds,
} from '../../ports/tasks.ts'

export type TaskWorker = {
  /** Claims tasks of these kinds, or of all, at once and not at the next poll. */
  wake(kinds?: readonly TaskKind[]): void
  /** Claims nothing more, and resolves when the tasks under way have finished. */
  stop(): Promise<void>
}

/**
 * Runs the tasks that are due, in every process. Each kind has its own worker, so that clients that do not answer delay no
 * notice. A worker wakes when this process adds a task; it polls for retries and for tasks of processes that died.
 */
export function taskWorker({
  queue,
  handlers,
  policy,
  log,
}: {
  readonly queue: TaskQueue
  readonly handlers: TaskHandlers
  readonly policy: Policy['tasks']
  readonly log: Pick<BaseLogger, 'error'>
}): TaskWorker {
  const wakeUps = new Map(taskKinds.map((kind) => [kind as TaskKind, new AbortController()]))
  let stopped = false

  function wake(kindsToWake: readonly TaskKind[] = taskKinds) {
    for (const kind of kindsToWake) {
      const wakeUp = wakeUps.get(kind)
      wakeUps.set(kind, new AbortController())
      wakeUp?.abort()
    }
  }

  async function workOn<Kind extends TaskKind>(kind: Kind) {
    const handle: TaskHandlers[Kind] = handlers[kind]
    if (!handle) return
    const underWay = new Set<Promise<void>>()
    let couldClaim = true
    while (!stopped) {
      // The signal is taken before the claim, so that a task added during the claim still wakes this worker.
      const signal = wakeUps.get(kind)?.signal
      const tasks = await queue.claim(kind, policy[kind].together - underWay.size).then(
        (claimed) => {
          couldClaim = true
          return claimed
        },
        (error: unknown) => {
          // An outage of the store would repeat this line at every poll, so it is logged once.
          if (couldClaim) log.error({ kind, ...withoutMessage(error) }, 'tasks can not be claimed')
          couldClaim = false
          return []
        },
      )
      for (const task of tasks) {
        const work = run(kind, task, handle).finally(() => underWay.delete(work))
        underWay.add(work)
      }
      if (underWay.size >= policy[kind].together) await Promise.race(underWay)
      else if (tasks.length === 0) await pause(signal)
    }
    await Promise.all(underWay)
  }

  const pause = (signal: AbortSignal | undefined) =>
    sleep(policy.poll * 1000, undefined, { ...(signal && { signal }) }).catch(() => undefined)

  async function run<Kind extends TaskKind>(
    kind: Kind,
    claimed: ClaimedTask<Kind>,
    handle: TaskHandler<Kind>,
  ) {
    const { id, attempts, ended } = claimed
    const about = { kind, task: id, attempts }
    const report = (error: unknown) =>
      log.error({ ...about, ...withoutMessage(error) }, 'task failed')
    const attempt = async () => handle(claimed.read())
    const done =
      !ended &&
      (await attempt().catch((error: unknown) => {
        report(error)
        return false
      }))
    try {
      if (done === 'postponed') await claimed.postpone()
      else if (done) await claimed.finish()
      else if ((await claimed.retry()) === 'dropped') log.error(about, 'task dropped')
    } catch (error) {
      // The store did not accept the outcome. The task is claimed again when its lease is over.
      report(error)
    }
  }

  queue.whenAdded(wake)
  const workers = taskKinds.map((kind) => workOn(kind))
  return {
    wake,
    async stop() {
      stopped = true
      wake()
      await Promise.all(workers)
    },
  }
}

/** The error's name and stack frames. Its message is left out, because it may repeat personal data of the task. */
function withoutMessage(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return { error: error.name, at: frames?.map((line) => line.trim()) }
}
