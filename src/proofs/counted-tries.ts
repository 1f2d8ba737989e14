import type { Tries, TryRule } from '../ports/limits.ts'

export type TriesCounter = readonly [name: string, subject: string]

/** A counter of failed tries with its rule. */
export type CountedBy = { readonly counter: TriesCounter; readonly rule: TryRule }

/** Counts a try in all counters and returns 0, or counts it in none and returns the seconds to wait. */
export async function beginTry(counters: readonly CountedBy[], tries: Tries): Promise<number> {
  for (const [at, { counter, rule }] of counters.entries()) {
    const wait = await tries.begin(...counter, rule)
    if (wait === 0) continue
    await giveBack(counters.slice(0, at), tries)
    return wait
  }
  return 0
}

/** Runs the comparison of a counted try. A fault of ours, such as a full queue of hashes, is no failure of the person. */
export async function compareCounted<Result>(
  counters: readonly CountedBy[],
  tries: Tries,
  compare: () => Promise<Result>,
): Promise<Result> {
  try {
    return await compare()
  } catch (error) {
    // The fault is reported even if the store of the tries fails as well.
    await giveBack(counters, tries).catch(() => undefined)
    throw error
  }
}

/** The seconds until the next try, the longest of all counters. */
export const waitOf = async (counters: readonly CountedBy[], tries: Tries): Promise<number> =>
  Math.max(...(await Promise.all(counters.map(({ counter }) => tries.wait(...counter)))))

/** Resets the counters after a right secret. */
export const clearTries = async (counters: readonly CountedBy[], tries: Tries): Promise<void> => {
  await Promise.all(counters.map(({ counter }) => tries.clear(...counter)))
}

const giveBack = async (counters: readonly CountedBy[], tries: Tries) => {
  await Promise.all(counters.map(({ counter }) => tries.giveBack(...counter)))
}
