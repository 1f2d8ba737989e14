import { readFileSync } from 'node:fs'

/** The child processes of a process, in the order of their pids. */
const childrenOf = (pid: number) =>
  read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)

/** Returns an empty text for a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/** The children that run the platform; tsx starts a compiler process besides. */
export const workersOf = (pid: number): readonly number[] =>
  childrenOf(pid).filter((child) => read(`/proc/${child}/cmdline`).includes('main.ts'))
