/** The interval of the samples in ms. */
const interval = 50

/** So many samples in a row tell a standing queue from a single pause, e.g. of the garbage collector (RFC 8289, 4). */
const samples = 3

/** Measures how long work waits for the event loop, by timers that come late. */
export function loopDelay() {
  let latest: readonly number[] = []
  let due = performance.now() + interval
  const timer = setInterval(() => {
    const now = performance.now()
    latest = [...latest, Math.max(0, now - due)].slice(-samples)
    due = now + interval
  }, interval).unref()
  return {
    /** The time in ms that work has waited at least, in each of the last samples. */
    standing: (): number => (latest.length < samples ? 0 : Math.min(...latest)),
    stop: (): void => clearInterval(timer),
  }
}
