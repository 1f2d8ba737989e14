// The reaper outlives the process that started it. When that process ends, even by SIGKILL, the reaper's standard input
// closes, and the reaper ends the process groups that it knows. Each input line is `+PID` (a group to end), `-PID`
// (its leader has ended) or `rm DIR` (a folder to remove at the end).
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

/** Forgets an empty group, since the system can reuse its number. */
function forget(group) {
  if (!signal(group, 0)) groups.splice(groups.indexOf(group), 1)
}

/** Whether the leader is a zombie. Without its parent it stays one until process 1 reaps it, in a container perhaps never. */
function leaderEnded(group) {
  try {
    return / Z /.test(readFileSync(`/proc/${group}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Sends a signal to a group. Returns false if the group is empty. */
function signal(group, name) {
  try {
    return process.kill(-group, name)
  } catch {
    return false
  }
}
