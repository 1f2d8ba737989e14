import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Locks the data folder for this start. The reaper removes the lock when the last program has ended, so a start right
 * after a killed one waits for that.
 * @param {string} dataDir
 * @param {ReturnType<typeof import('./children.mjs').children>} family
 */
export async function lockDataFolder(dataDir, family) {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const file = join(dataDir, 'start.json')
  while (!createLock(file, { start: process.pid, reaper: family.reaperPid })) {
    const other = readLock(file)
    if (runs(other?.start, 'start.mjs'))
      throw new Error(
        `It runs already here (process ${other.start}): stop that one, or set UUP_DATA_DIR=… and other ports`,
      )
    if (other && !runs(other.reaper, 'reaper.mjs')) rmSync(file, { force: true })
    await sleep(50)
  }
  family.removeAtEnd(file)
}

function createLock(file, processes) {
  try {
    writeFileSync(file, JSON.stringify(processes), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    return false
  }
}

/** Returns undefined if the lock has just been removed or is not yet written. */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

/** Also checks the script, since PIDs are reused, after a restart of the machine at the latest. */
function runs(pid, script) {
  if (!pid || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    const commandLine = `/proc/${pid}/cmdline`
    return !existsSync('/proc/self/cmdline') || readFileSync(commandLine, 'utf8').includes(script)
  } catch {
    return false
  }
}
