import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

type Env = Readonly<Record<string, string>>

/** A command, e.g. `src/cli/keys`, another process; `environment` is what it gets beside PATH unless told otherwise. */
export function commandOf(path: string, environment: () => Env) {
  const script = fileURLToPath(new URL(`../../${path}.ts`, import.meta.url))

  function run(args: readonly string[], env: Env = environment()) {
    const node = ['--import', import.meta.resolve('tsx'), script, ...args]
    const { PATH = '', HOME = '' } = process.env
    return new Promise<{ status: number; out: string; errors: string }>((resolve) => {
      const child = execFile(
        process.execPath,
        node,
        { env: { PATH, HOME, ...env } },
        (_, out, errors) => resolve({ status: child.exitCode ?? -1, out, errors }),
      )
    })
  }

  /** What it said, when it did what it was told. */
  async function done(...args: readonly string[]): Promise<string> {
    const { status, out, errors } = await run(args)
    if (status) throw new Error(`${args.join(' ')}: ${status}: ${errors}`)
    return out
  }

  return { run, done }
}
