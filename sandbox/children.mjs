import { execFile, spawn } from 'node:child_process'
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
  reaper.stdin.on('error', () => {})
  let stopping = false
  let reportDeath
  const died = new Promise((resolve) => {
    reportDeath = resolve
  })

  function refuseWhileStopping() {
    if (stopping) throw new Error('everything is being stopped')
  }

  function watch(child, ended) {
    if (child.pid) reaper.stdin.write(`+${child.pid}\n`)
    child.on('exit', (code, signal) => {
      if (stopping) return
      reaper.stdin.write(`-${child.pid}\n`)
      ended({ code, reason: signal ?? `exit status ${code}` })
    })
  }

  return {
    reaperPid: reaper.pid,
    /**
     * One that goes on until all are stopped.
     * @param {string} name what a person calls it
     * @param {string} command
     * @param {readonly string[]} args
     * @param {import('node:child_process').SpawnOptions} [options]
     */
    start(name, command, args, options = {}) {
      refuseWhileStopping()
      const child = spawn(command, args, { stdio: 'ignore', ...options, detached: true })
      child.on('error', (error) => reportDeath({ name, code: null, reason: error.message }))
      watch(child, (end) => reportDeath({ name, ...end }))
      return child
    },
    /**
     * One that does its work and ends. Unless its exit status is 0 it rejects with the line that tells of the error.
     * @param {string} command
     * @param {readonly string[]} args
     * @param {import('node:child_process').ExecFileOptions} [options]
     * @returns {Promise<string>} what it wrote
     */
    run(command, args, options = {}) {
      return new Promise((resolve, reject) => {
        refuseWhileStopping()
        const settings = { maxBuffer: 64 << 20, ...options, detached: true }
        const child = execFile(command, args, settings, (error, stdout, stderr) => {
          if (!error) return resolve(stdout)
          const lines = (stderr.trim() || stdout.trim() || error.message).split('\n')
          const told = lines.find((line) => /\berror\b/i.test(line)) ?? lines.at(-1)
          reject(new Error(told, { cause: error }))
        })
        watch(child, () => {})
      })
    },
    /** Resolves with the first that ended unasked: `{ name, code, reason }`. */
    died,
    /** Removed after the last program has ended. */
    removeAtEnd(path) {
      reaper.stdin.write(`rm ${path}\n`)
    },
    /** Ends all, the last started first; resolves when none is left. */
    async stop() {
      stopping = true
      reaper.stdin.end()
      await gone
    },
  }
}
