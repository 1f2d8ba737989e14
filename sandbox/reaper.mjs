// Outlives the process that started it, on purpose: however that one ends, by SIGKILL too, its end of our standard input
// closes, and what it had started is ended here. One line each: `+PID` a group to end, `-PID` its leader is
// gone, `rm DIR` a folder to remove at last.
import { rmSync } from 'node:fs'
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
      for (let sent = signal(group, 'SIGTERM'); sent; sent = signal(group, 0)) {
        if (Date.now() > until) signal(group, 'SIGKILL')
        await sleep(20)
      }
    }
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
    process.exit()
  })

/** The system gives the number to others once nobody is left in the group. */
function forget(group) {
  if (!signal(group, 0)) groups.splice(groups.indexOf(group), 1)
}

/** false: nobody is left in the group. */
function signal(group, name) {
  try {
    return process.kill(-group, name)
  } catch {
    return false
  }
}
