import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLogger } from 'pino'
import type { Policy } from '../../../config/policy.ts'
import type { ClaimedTask, DoTask, TaskHandlers, TaskKind, TaskQueue } from '../../ports/tasks.ts'

export type TaskWorker = {
  /** Looks for tasks of these kinds, or of all, at once instead of at the next poll. */
  poke(kinds?: readonly TaskKind[]): void
  /** Claims nothing more, and resolves when everything under way has finished. */
  stop(): Promise<void>
}

const kinds = ['sms', 'logout', 'sign-out', 'erase'] as const satisfies readonly TaskKind[]

/**
 * Does what is due in the queue, in every process. A lane for each kind: business systems that don't answer keep no
 * notice waiting. Wakes when this process adds a task, and polls for the retries and for what others left behind.
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
  const bells = new Map(kinds.map((kind) => [kind as TaskKind, new AbortController()]))
  let stopped = false

  function poke(those: readonly TaskKind[] = kinds) {
    for (const kind of those) {
      const ringing = bells.get(kind)
      bells.set(kind, new AbortController())
      ringing?.abort()
    }
  }

  async function lane<Kind extends TaskKind>(kind: Kind) {
    const act: TaskHandlers[Kind] = handlers[kind]
    if (!act) return
    const underWay = new Set<Promise<void>>()
    let claims = true
    while (!stopped) {
      // Before looking: what is added while it looks rings this one.
      const signal = bells.get(kind)?.signal
      const tasks = await queue.claim(kind, policy[kind].together - underWay.size).then(
        (claimed) => {
          claims = true
          return claimed
        },
        (error: unknown) => {
          // Once: an outage of the store would repeat it at every poll.
          if (claims) log.error({ kind, ...withoutWords(error) }, 'tasks can not be claimed')
          claims = false
          return []
        },
      )
      for (const task of tasks) {
        const work = run(kind, task, act).finally(() => underWay.delete(work))
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
    act: DoTask<Kind>,
  ) {
    const { id, attempts, ended } = claimed
    const about = { kind, task: id, attempts }
    const report = (error: unknown) =>
      log.error({ ...about, ...withoutWords(error) }, 'task failed')
    const attempt = async () => act(claimed.read())
    const done =
      !ended &&
      (await attempt().catch((error: unknown) => {
        report(error)
        return false
      }))
    try {
      if (done) await claimed.finish()
      else if ((await claimed.retry()) === 'dropped') log.error(about, 'task dropped')
    } catch (error) {
      // The store did not take the outcome: the task comes back when its lease is over.
      report(error)
    }
  }

  queue.whenAdded(poke)
  const lanes = kinds.map((kind) => lane(kind))
  return {
    poke,
    async stop() {
      stopped = true
      poke()
      await Promise.all(lanes)
    },
  }
}

/** Where it happened, and not its message, which may repeat what a task said. */
function withoutWords(error: unknown) {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return { error: error.name, at: frames?.map((line) => line.trim()) }
}
