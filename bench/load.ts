import type { Work } from './processor-time.ts'

export type Measured = {
  readonly seconds: number
  /** The milliseconds of each counted operation. */
  readonly took: readonly number[]
  /** The number of all operations, including those that are not counted. */
  readonly operations: number
  /** The processor time of all operations, in ms by process. */
  readonly work: Work
}

type Time = { readonly warm: number; readonly seconds: number }

/** Runs an operation repeatedly in so many concurrent workers. `spent` returns the processor time so far. */
export function loadOf(workers: number, spent: () => Work) {
  /** Operations that end in the first `warm` seconds or after the end are not counted. A failed one fails the run. */
  return async ({ warm, seconds }: Time, operation: (worker: number) => Promise<unknown>) => {
    const took: number[] = []
    let operations = 0
    const before = spent()
    const from = performance.now() + warm * 1000
    const until = from + seconds * 1000
    const work = async (worker: number) => {
      for (let begun = performance.now(); begun < until; ) {
        await operation(worker)
        operations += 1
        const ended = performance.now()
        if (ended >= from && ended < until) took.push(ended - begun)
        begun = ended
      }
    }
    await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)))
    const times = new Map([...spent()].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)]))
    return { seconds, took, operations, work: times } satisfies Measured
  }
}

/** Two measurements of one load as one. */
export const together = (a: Measured, b: Measured): Measured => ({
  seconds: a.seconds + b.seconds,
  took: [...a.took, ...b.took],
  operations: a.operations + b.operations,
  work: new Map([...a.work].map(([name, ms]) => [name, ms + (b.work.get(name) ?? 0)])),
})

/** Operations per second. */
export const rate = ({ seconds, took }: Measured) => took.length / seconds

/** The milliseconds within which this share of the operations ended. */
export const quantile = ({ took }: Pick<Measured, 'took'>, share: number) =>
  took.toSorted((a, b) => a - b)[Math.floor(took.length * share)] ?? Number.NaN
