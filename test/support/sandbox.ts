import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { children } from '../../sandbox/children.mjs'
import { isTaken, until } from '../../sandbox/ports.mjs'
import { ownPort } from './own-port.ts'

export const checkout = fileURLToPath(new URL('../..', import.meta.url))

type Sandbox = Awaited<ReturnType<typeof emptySandbox>>
type Env = Readonly<Record<string, string>>

/** An empty data folder and free ports, for successive runs of `npm start`. */
export async function emptySandbox(): Promise<{
  readonly dataDir: string
  readonly env: Env & {
    readonly PORT: string
    readonly EXAM_PORT: string
    readonly SOCIAL_PORT: string
    readonly PLAYGROUND_PORT: string
    readonly ADMIN_PORT: string
  }
  /** Stops its programs when the tests end, even if they are killed. */
  readonly family: ReturnType<typeof children>
}> {
  const dataDir = mkdtempSync(join(tmpdir(), 'uup-start-'))
  const family = children()
  family.removeAtEnd(dataDir)
  // A port that was free a moment ago can be returned again.
  const ports = new Set<string>()
  while (ports.size < 6) ports.add(String(await ownPort()))
  const [PORT = '', EXAM_PORT = '', SOCIAL_PORT = '', PLAYGROUND_PORT = '', ...others] = ports
  const [ADMIN_PORT = '', SIMULATOR_PORT = ''] = others
  const relyingParties = { EXAM_PORT, SOCIAL_PORT, PLAYGROUND_PORT }
  return {
    dataDir,
    env: { PORT, ...relyingParties, ADMIN_PORT, SIMULATOR_PORT, UUP_DATA_DIR: dataDir },
    family,
  }
}

/** Runs `npm start`; `more` is added to its environment. */
export function start(
  { env, family }: Sandbox,
  more: Env = {},
  script = join(checkout, 'sandbox/start.mjs'),
) {
  const { PATH = '', HOME = '' } = process.env
  const child = family.start('npm start', process.execPath, [script], {
    env: { PATH, HOME, ...env, ...more },
    stdio: 'pipe',
  })
  const said = { out: '', errors: '' }
  child.stdout?.on('data', (text) => {
    said.out += text
  })
  child.stderr?.on('data', (text) => {
    said.errors += text
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, ...said }))
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Resolves with its output and its exit status or signal, once its output is closed. */
    ended,
    /** Resolves with its output when everything runs. */
    async runs(): Promise<string> {
      const early = ended.then(({ errors }) => {
        throw new Error(`It ended early: ${errors}`)
      })
      const ready = async () => said.out.includes('Ctrl+C')
      await Promise.race([until(ready, { seconds: 90, what: 'npm start' }), early])
      return said.out
    },
  }
}

const programs = {
  start: 'sandbox/start.mjs',
  reaper: 'sandbox/reaper.mjs',
  MongoDB: '--dbpath',
  simulators: 'sandbox/simulators/main.ts',
  exam: 'sandbox/exam/main.ts',
  social: 'sandbox/social/main.ts',
  playground: 'sandbox/playground/main.ts',
  platform: 'src/main.ts',
}
export const allPrograms = [...Object.keys(programs), 'Redis']

/** The running programs of a sandbox, orphans included; an unknown program is listed by its command line. */
export async function runningOf(sandbox: Sandbox): Promise<readonly string[]> {
  const names = [...processesOf(sandbox).values()].map((command) => {
    const known = Object.entries(programs).find(([, mark]) => command.includes(mark))
    return known?.[0] ?? command
  })
  // Redis overwrites its environment with its process title, so the port identifies it instead.
  const port = read(join(sandbox.dataDir, 'redis/port'))
  return port && (await isTaken(Number(port))) ? [...names, 'Redis'] : names
}

/** The command lines of a sandbox's processes, by PID. */
function processesOf({ dataDir }: Sandbox): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (!read(`/proc/${pid}/environ`).split('\0').includes(`UUP_DATA_DIR=${dataDir}`)) continue
    found.set(Number(pid), read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
  }
  return found
}

export function killProgram(sandbox: Sandbox, name: keyof typeof programs): void {
  for (const [pid, command] of processesOf(sandbox))
    if (command.includes(programs[name])) process.kill(pid, 'SIGKILL')
}

/** Returns an empty text for a process that has just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
