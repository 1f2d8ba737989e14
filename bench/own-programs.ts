import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { children } from '../sandbox/children.mjs'

/** A folder and a family of programs for a benchmark of its own; both end with it, also by a signal. */
export function ownPrograms(): {
  readonly dataDir: string
  readonly family: ReturnType<typeof children>
} {
  const dataDir = mkdtempSync(join(tmpdir(), 'uup-bench-'))
  const family = children()
  family.removeAtEnd(dataDir)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => family.stop().then(() => process.exit(130)))
  return { dataDir, family }
}
