import { readFileSync } from 'node:fs'

/** Milliseconds of processor time by process; empty where there is no /proc. */
export type Work = ReadonlyMap<string, number>

/** A tick of /proc/PID/stat (proc(5)): USER_HZ is 100 on every Linux. */
const tick = 10

/** What the programs, and this one as `load`, have worked so far. */
export function processorTime(pids: ReadonlyMap<string, number>): Work {
  const own = process.cpuUsage()
  const others = [...pids].map(([name, pid]) => [name, workOf(pid)] as const)
  return new Map([...others, ['load', (own.user + own.system) / 1000]])
}

/** The name in brackets may hold anything, so what follows its end is read: state is field 3, utime 14, stime 15. */
function workOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * tick
  } catch {
    return Number.NaN
  }
}
