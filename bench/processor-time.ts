import { readFileSync } from 'node:fs'

/** Processor time in milliseconds by process. It is NaN where there is no /proc. */
export type Work = ReadonlyMap<string, number>

/** The milliseconds of a tick in /proc/PID/stat (proc(5)): USER_HZ is 100 on every Linux. */
const tick = 10

/** Returns the processor time of the programs so far, and that of this one as `load`. */
export function processorTime(pids: ReadonlyMap<string, number>): Work {
  const own = process.cpuUsage()
  const others = [...pids].map(([name, pid]) => [name, workOf(pid)] as const)
  return new Map([...others, ['load', (own.user + own.system) / 1000]])
}

/** Parses after the closing bracket, since the name in brackets can contain anything: state is field 3, utime 14, stime 15. */
function workOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * tick
  } catch {
    return Number.NaN
  }
}
