import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkout } from './sandbox.ts'

const run = promisify(execFile)
const packages = 'node_modules'
/** npm writes this one in place, so it must not be a link to the checkout's. */
const packageList = join(packages, '.package-lock.json')

/**
 * Makes a production install of this checkout outside it: `npm ci`, whose result is `node_modules` already, `npm run build`
 * and `npm prune --omit=dev`. None of them needs the network.
 */
export async function productionInstall(): Promise<{
  readonly folder: string
  remove(): Promise<void>
}> {
  const folder = await mkdtemp(join(tmpdir(), 'uup-production-'))
  const sources = ['package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.build.json']
  for (const name of [...sources, 'src', 'config', 'views', 'assets', 'docs/examples'])
    await cp(join(checkout, name), join(folder, name), { recursive: true })
  const links = ['-al', join(checkout, packages), folder]
  const copies = ['-a', join(checkout, packages), folder]
  // Hard links need the same file system.
  await run('cp', links).catch(async () => {
    await rm(join(folder, packages), { recursive: true, force: true })
    await run('cp', copies)
  })
  await rm(join(folder, packageList))
  await cp(join(checkout, packageList), join(folder, packageList))
  await run('npm', ['run', 'build'], { cwd: folder })
  await run('npm', ['prune', '--omit=dev', '--no-audit', '--no-fund'], { cwd: folder })
  return { folder, remove: () => rm(folder, { recursive: true }) }
}
