import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { checkout } from './sandbox.ts'

/**
 * Runs `npm run data-keys -- …` as a process. With `killAt` it is killed (SIGKILL) at the first line that matches. Returns the
 * exit status, null for a killed process, and the lines of both outputs.
 */
export async function dataKeyCommand(
  typed: readonly string[],
  env: Readonly<Record<string, string>>,
  killAt?: RegExp,
): Promise<{ readonly status: number | null; readonly lines: readonly string[] }> {
  const { PATH = '', HOME = '' } = process.env
  const program = ['--import', 'tsx', 'src/cli/data-keys.ts', ...typed]
  const child = spawn(process.execPath, program, {
    cwd: checkout,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: string[] = []
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on('line', (line) => {
      lines.push(line)
      if (killAt?.test(line)) child.kill('SIGKILL')
    })
  const [status] = await once(child, 'close')
  return { status, lines }
}
