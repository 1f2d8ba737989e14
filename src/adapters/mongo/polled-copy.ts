import type { BaseLogger } from 'pino'

/** Every process has a change after so many ms at the latest; the process that made it has it at once. */
const polledEvery = 3000

/**
 * Keeps a copy of a small collection in the memory of this process, for pages that must not wait for the store. While the
 * store does not answer, the last copy stays.
 */
export async function polledCopy<T>(
  read: () => Promise<T>,
  log: Pick<BaseLogger, 'error'>,
): Promise<{
  current(): T
  /** Reads the copy again after a change. */
  refresh(): Promise<void>
  stop(): Promise<void>
}> {
  let copy = await read()
  let last = Promise.resolve()
  let failed = false

  /** One read at a time, in the order of the calls, so that an earlier state never replaces a later one. */
  function refresh(): Promise<void> {
    const reading = last.then(async () => {
      copy = await read()
    })
    last = reading.catch(() => {})
    return reading
  }

  const timer = setInterval(() => {
    refresh().then(
      () => {
        failed = false
      },
      (error: unknown) => {
        if (!failed) log.error({ err: error }, 'a polled collection cannot be read')
        failed = true
      },
    )
  }, polledEvery)
  timer.unref()

  return {
    current: () => copy,
    refresh,
    async stop() {
      clearInterval(timer)
      await last
    },
  }
}
