import type { BaseLogger } from 'pino'

/** Every process has a change after so many ms at the latest; the process that made it has it at once. */
const polledEvery = 3000

/**
 * Keeps a copy of a small collection in the memory of this process, for pages that must not wait for the store. While the
 * store does not answer, the last copy stays.
 */
export async function polledCopy<T>(
  read: () => Promise<T>,
  log: Pick<BaseLogger, 'warn'>,
): Promise<{
  current(): T
  /** Reads the copy again after a change. If that fails, the next poll does it. */
  refresh(): Promise<void>
  stop(): Promise<void>
}> {
  let copy = await read()
  let last = Promise.resolve()
  let waiting = 0
  let failed = false

  async function readAgain(): Promise<void> {
    try {
      copy = await read()
      failed = false
    } catch (error) {
      if (!failed) log.warn({ err: error }, 'a polled collection cannot be read')
      failed = true
    }
  }

  /** One read at a time, in the order of the calls, so that an earlier state never replaces a later one. */
  async function refresh(): Promise<void> {
    waiting += 1
    last = last.then(readAgain).finally(() => {
      waiting -= 1
    })
    await last
  }

  // While a store does not answer, polls do not queue up.
  const timer = setInterval(() => void (waiting || refresh()), polledEvery)
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
