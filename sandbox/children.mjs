import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Child processes that are stopped together, the last one first, even if this process is killed: each has its own
 * process group, and a reaper process ends the groups as soon as this process is gone.
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
     * Starts a program that runs until all are stopped.
     * @param {string} name its name in messages
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
     * Starts a program that is started again a second after it ended, as a supervisor would.
     * @param {string} name its name in messages
     * @param {string} command
     * @param {readonly string[]} args
     * @param {import('node:child_process').SpawnOptions} [options]
     */
    keep(name, command, args, options = {}) {
      const again = () => {
        if (stopping) return
        const child = spawn(command, args, { stdio: 'ignore', ...options, detached: true })
        child.on('error', (error) => reportDeath({ name, code: null, reason: error.message }))
        watch(child, ({ reason }) => {
          console.error(`${name} ended (${reason}) and is started again`)
          setTimeout(again, 1000)
        })
      }
      refuseWhileStopping()
      again()
    },
    /**
     * Runs a program to its end. Unless the exit status is 0, it rejects with the line that describes the error.
     * @param {string} command
     * @param {readonly string[]} args
     * @param {import('node:child_process').ExecFileOptions} [options]
     * @returns {Promise<string>} its standard output
     */
    run(command, args, options = {}) {
      return new Promise((resolve, reject) => {
        refuseWhileStopping()
        const settings = { maxBuffer: 64 << 20, ...options, detached: true }
        const child = execFile(command, args, settings, (error, stdout, stderr) => {
          if (!error) return resolve(stdout)
          const lines = (stderr.trim() || stdout.trim() || error.message).split('\n')
          const description = lines.find((line) => /\berror\b/i.test(line)) ?? lines.at(-1)
          reject(new Error(description, { cause: error }))
        })
        watch(child, () => {})
      })
    },
    /** Resolves with the first program that ended by itself: `{ name, code, reason }`. */
    died,
    /** Removes the file or folder after the last program has ended. */
    removeAtEnd(path) {
      reaper.stdin.write(`rm ${path}\n`)
    },
    /** Ends all programs, the last started first, and resolves when none is left. */
    async stop() {
      stopping = true
      reaper.stdin.end()
      await gone
    },
  }
}
