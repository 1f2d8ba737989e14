import type { Work } from './processor-time.ts'

export type Measured = {
  readonly seconds: number
  /** Milliseconds, one for each act that counts. */
  readonly took: readonly number[]
  /** All acts, the uncounted too. */
  readonly acts: number
  /** What they all took of the processors, in ms by process. */
  readonly work: Work
}

type Time = { readonly warm: number; readonly seconds: number }

/** So many at a time, each doing `act` again and again. `spent` says what the processes have worked so far. */
export function loadOf(lanes: number, spent: () => Work) {
  /** What ends in the first `warm` seconds, or after the last, is not counted; an act that fails fails the whole. */
  return async ({ warm, seconds }: Time, act: (lane: number) => Promise<unknown>) => {
    const took: number[] = []
    let acts = 0
    const before = spent()
    const from = performance.now() + warm * 1000
    const until = from + seconds * 1000
    const keepOn = async (lane: number) => {
      for (let begun = performance.now(); begun < until; ) {
        await act(lane)
        acts += 1
        const ended = performance.now()
        if (ended >= from && ended < until) took.push(ended - begun)
        begun = ended
      }
    }
    await Promise.all(Array.from({ length: lanes }, (_, lane) => keepOn(lane)))
    const work = new Map([...spent()].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)]))
    return { seconds, took, acts, work } satisfies Measured
  }
}

/** Two loads in turn, twice each, so that what else the machine does meets both. */
export async function inTurn(
  one: () => Promise<Measured>,
  other: () => Promise<Measured>,
): Promise<readonly [Measured, Measured]> {
  const [a, b, c, d] = [await one(), await other(), await one(), await other()]
  return [together(a, c), together(b, d)]
}

const together = (a: Measured, b: Measured): Measured => ({
  seconds: a.seconds + b.seconds,
  took: [...a.took, ...b.took],
  acts: a.acts + b.acts,
  work: new Map([...a.work].map(([name, ms]) => [name, ms + (b.work.get(name) ?? 0)])),
})

/** How many a second. */
export const rate = ({ seconds, took }: Measured) => took.length / seconds

/** The milliseconds that this share of the acts stayed below. */
export const quantile = ({ took }: Measured, share: number) =>
  took.toSorted((a, b) => a - b)[Math.floor(took.length * share)] ?? Number.NaN
