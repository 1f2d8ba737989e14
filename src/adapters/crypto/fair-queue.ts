/** A group of jobs that shares its turns, e.g. those of one network. */
export type Group = {
  readonly key: string
  /** How much of a turn a job of this group takes: a network of many people takes less than a name. */
  readonly cost: number
}

type Waiting = {
  /** Virtual time at which the job's turn begins. */
  readonly start: number
  readonly groups: readonly Group[]
  begin(): void
  refuse(): void
}

/**
 * Runs `concurrency` jobs at a time and lets `most` more wait. Groups take turns (start-time fair queueing): a job begins
 * after the earlier ones of its own groups, so a thousand jobs of one group delay a job of no such group by one turn. If the
 * queue is full, the job that would begin last is refused with `Refused`, be it the new one or a waiting one.
 * @param report gets the number of waiting jobs whenever it changes
 */
export function fairQueue(
  { concurrency, most }: { readonly concurrency: number; readonly most: number },
  Refused: new (message: string) => Error,
  report: (waiting: number) => void = () => {},
) {
  let running = 0
  let time = 0
  const ends = new Map<string, number>()
  const waiting: Waiting[] = []
  /** Milliseconds of a job, the moving average. */
  let took = 0

  function enqueue(groups: readonly Group[]): Promise<void> {
    const start = Math.max(time, ...groups.map(({ key }) => ends.get(key) ?? 0))
    if (waiting.length >= most && !makeRoomFor(start)) return Promise.reject(refusal())
    for (const { key, cost } of groups) ends.set(key, start + cost)
    return new Promise((begin, reject) => {
      const after = waiting.findLastIndex((other) => other.start <= start)
      waiting.splice(after + 1, 0, { start, groups, begin, refuse: () => reject(refusal()) })
      report(waiting.length)
    })
  }

  /** Refuses the job that would begin last, if that is later than `start`. It is the last of each of its groups. */
  function makeRoomFor(start: number): boolean {
    const last = waiting.at(-1)
    if (!last || last.start <= start) return false
    waiting.pop()
    for (const { key } of last.groups) ends.set(key, last.start)
    last.refuse()
    return true
  }

  function next(): void {
    const job = waiting.shift()
    report(waiting.length)
    if (!job) {
      running -= 1
      ends.clear()
      return
    }
    // Time passes even if each job is of a new group. Otherwise these would delay the second job of a group for ever.
    time = Math.max(time + 1 / (waiting.length + 1), job.start)
    for (const [key, end] of ends) if (end <= time) ends.delete(key)
    job.begin()
  }

  const refusal = () => new Refused('too many passwords wait to be hashed')

  return {
    async run<T>(groups: readonly Group[], job: () => Promise<T>): Promise<T> {
      if (running < concurrency) running += 1
      else await enqueue(groups)
      const began = performance.now()
      try {
        return await job()
      } finally {
        const ms = performance.now() - began
        took = took ? took + (ms - took) / 16 : ms
        next()
      }
    },
    /** The ms until everything that waits now has begun. */
    expectedWait: () => (waiting.length * took) / concurrency,
  }
}
