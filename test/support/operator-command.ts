import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { OperatorCommand } from '../../src/cli/operator-command.ts'

type Env = Readonly<Record<string, string>>
type Run = (
  typed: readonly string[],
  env?: Env,
) => Promise<{ readonly status: number; readonly out: string; readonly errors: string }>

/** Runs an operator command in this process. It sees the variables of `environment` only, or those given to `run`. */
export function commandOf(command: OperatorCommand, environment: () => Env) {
  const run: Run = async (typed, env = environment()) => {
    const [out, errors]: [string[], string[]] = [[], []]
    const status = await command({
      ...{ typed, env },
      out: (line) => out.push(`${line}\n`),
      errors: (line) => errors.push(`${line}\n`),
    })
    return { status, out: out.join(''), errors: errors.join('') }
  }

  /** Returns the output of a command that must succeed. */
  async function done(...typed: readonly string[]): Promise<string> {
    const { status, out, errors } = await run(typed)
    if (status) throw new Error(`${typed.join(' ')}: ${status}: ${errors}`)
    return out
  }

  return { run, done }
}

/** Runs an operator command (such as `src/cli/keys`) as a process, which costs about a second of CPU time. */
export function processOf(path: string, environment: () => Env): Run {
  const script = fileURLToPath(new URL(`../../${path}.ts`, import.meta.url))
  return (typed, env = environment()) => {
    const node = ['--import', import.meta.resolve('tsx'), script, ...typed]
    const { PATH = '', HOME = '' } = process.env
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        node,
        { env: { PATH, HOME, ...env } },
        (_, out, errors) => resolve({ status: child.exitCode ?? -1, out, errors }),
      )
    })
  }
}
