import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, until } from '../../sandbox/ports.mjs'

export const checkout = fileURLToPath(new URL('../..', import.meta.url))

type Sandbox = Awaited<ReturnType<typeof emptySandbox>>
type Env = Readonly<Record<string, string>>

/** A folder for the data and three ports, for one `npm start` after the other. */
export async function emptySandbox(): Promise<{
  readonly dataDir: string
  readonly env: Env & { readonly PORT: string; readonly EXAM_PORT: string }
  remove(): void
}> {
  const dataDir = mkdtempSync(join(tmpdir(), 'uup-start-'))
  const [PORT, EXAM_PORT, SIMULATOR_PORT] = [
    String(await freePort()),
    String(await freePort()),
    String(await freePort()),
  ]
  return {
    dataDir,
    env: { PORT, EXAM_PORT, SIMULATOR_PORT, UUP_DATA_DIR: dataDir },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  }
}

/** `npm start` itself; `more` is added to its environment. */
export function start(
  { env }: Sandbox,
  more: Env = {},
  script = join(checkout, 'sandbox/start.mjs'),
) {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, [script], { env: { PATH, HOME, ...env, ...more } })
  const said = { out: '', errors: '' }
  child.stdout.on('data', (text) => {
    said.out += text
  })
  child.stderr.on('data', (text) => {
    said.errors += text
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code: code ?? signal, ...said }))
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Resolves with what it said, an exit status or the name of a signal, once its output is closed. */
    ended,
    /** Resolves with what it says when everything runs. */
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

/** Every process of a sandbox, also one whose parent is gone: the command line by number. */
export function processesOf({ dataDir }: Sandbox): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (!read(`/proc/${pid}/environ`).split('\0').includes(`UUP_DATA_DIR=${dataDir}`)) continue
    found.set(Number(pid), read(`/proc/${pid}/cmdline`).replaceAll('\0', ' '))
  }
  return found
}

/** Empty for one that ended this instant. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
