import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/** Returns a free port of 127.0.0.1: the first free one of `wished`, else any. */
export async function freePort(...wished) {
  // Below the ephemeral ports: the system could give one of those to a connection before a server listens on it.
  const others = Array.from({ length: 50 }, () => randomInt(28_000, 32_000))
  for (const port of [...wished, ...others]) {
    const free = port === undefined ? undefined : await listen(port)
    if (free) return free
  }
  throw new Error('127.0.0.1 has no free port')
}

/** @param {number} port of 127.0.0.1 */
export async function isTaken(port) {
  return (await listen(port)) === undefined
}

/** Listens on a port for a moment. Returns the port, or undefined if it is taken. */
function listen(port) {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(address.port))
    })
  })
}

/**
 * Repeats `ask` until it returns a true value.
 * @template T
 * @param {() => Promise<T>} ask a rejection counts as "not yet"
 * @param {{ seconds: number, what: string, signal?: AbortSignal }} options
 * @returns {Promise<T>}
 */
export async function until(ask, { seconds, what, signal }) {
  const end = Date.now() + seconds * 1000
  while (Date.now() < end) {
    const answer = await ask().catch(() => undefined)
    if (answer) return answer
    await sleep(50, undefined, { signal })
  }
  throw new Error(`${what} did not answer within ${seconds} s`)
}
