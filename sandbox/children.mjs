import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Programs that are started together and ended together, the last one first, also when this process is killed: each
 * has a process group of its own, and a reaper ends the groups as soon as this process is gone.
 */
export function children() {
  const reaper = spawn(process.execPath, [fileURLToPath(new URL('reaper.mjs', import.meta.url))], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const gone = once(reaper, 'exit')
  reaper.unref()
  reaper.stdin.unref()
  reaper.stdin.on('error', () => {})
  let stopping = false
  let reportDeath
  const died = new Promise((resolve) => {
    reportDeath = resolve
  })

  return {
    /**
     * @param {string} name what a person calls it
     * @param {string} command
     * @param {readonly string[]} args
     * @param {import('node:child_process').SpawnOptions} [options]
     */
    start(name, command, args, options = {}) {
      const child = spawn(command, args, { stdio: 'ignore', ...options, detached: true })
      child.unref()
      child.on('error', (error) => reportDeath({ name, code: null, reason: error.message }))
      if (child.pid) reaper.stdin.write(`+${child.pid}\n`)
      child.on('exit', (code, signal) => {
        if (stopping) return
        reaper.stdin.write(`-${child.pid}\n`)
        reportDeath({ name, code, reason: signal ?? `exit status ${code}` })
      })
      return child
    },
    /** Resolves with the first that ended unasked: `{ name, code, reason }`. */
    died,
    /** Removed after the last program has ended. */
    removeAtEnd(folder) {
      reaper.stdin.write(`rm ${folder}\n`)
    },
    /** Ends all, the last started first; resolves when none is left. */
    async stop() {
      stopping = true
      reaper.ref()
      reaper.stdin.end()
      await gone
    },
  }
}
