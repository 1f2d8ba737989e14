// Outlives the process that started it, on purpose: however that one ends, by SIGKILL too, its end of our standard input
// closes, and what it had started is ended here. One line each: `+PID` a group to end, `-PID` its leader is
// gone, `rm DIR` a folder to remove at last.
import { readFileSync, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'

const patience = 15_000
const groups = []
const folders = []

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGPIPE']) process.on(signal, () => {})
createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (line.startsWith('+')) groups.unshift(Number(line.slice(1)))
    else if (line.startsWith('rm ')) folders.push(line.slice(3))
    else forget(Number(line.slice(1)))
  })
  .on('close', async () => {
    for (const group of groups.slice()) {
      const until = Date.now() + patience
      signal(group, 'SIGTERM')
      while (signal(group, 0) && !leaderEnded(group) && Date.now() < until) await sleep(20)
      signal(group, 'SIGKILL')
    }
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    process.exit()
  })

/** The system gives the number to others once nobody is left in the group. */
function forget(group) {
  if (!signal(group, 0)) groups.splice(groups.indexOf(group), 1)
}

/** Without its parent it stays in the table until process 1 looks, in a container perhaps never. */
function leaderEnded(group) {
  try {
    return / Z /.test(readFileSync(`/proc/${group}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** false: nobody is left in the group. */
function signal(group, name) {
  try {
    return process.kill(-group, name)
  } catch {
    return false
  }
}
