import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort, until } from '../ports.mjs'

/**
 * Waits until `ask` returns a true value. Rejects as soon as one of the programs has ended.
 * @param {string} what the name of the program
 * @param {string} logFile where it writes its log
 * @param {import('../downloads.mjs').Tools['family']} family
 * @param {() => Promise<unknown>} ask
 */
export async function untilUp(what, logFile, family, ask) {
  const end = new AbortController()
  const died = family.died.then(({ name, reason }) => {
    const where = name === what ? ` (see ${logFile})` : ''
    throw new Error(`${name} did not start: ${reason}${where}`)
  })
  try {
    await Promise.race([until(ask, { seconds: 60, what, signal: end.signal }), died])
  } finally {
    end.abort()
  }
}

/**
 * Returns the port of the last start if it is free, so that addresses stay the same.
 * @param {string} folder of the program's data
 * @param {number} [wished]
 */
export async function rememberedPort(folder, wished) {
  const file = join(folder, 'port')
  const last = Number(await readFile(file, 'utf8').catch(() => '')) || undefined
  const port = await freePort(wished, last)
  await writeFile(file, String(port))
  return port
}
