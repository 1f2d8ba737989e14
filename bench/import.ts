import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mongoose from 'mongoose'
import { importedLine, saltedHash } from '../test/support/imported-lines.ts'
import { personAt } from './many-accounts.ts'
import { ownPrograms } from './own-programs.ts'
import { startAll } from './start-all.ts'

/**
 * `npm run bench:import [LINES]`: imports so many lines (1,000,000), is killed at a third and at two thirds, and goes on
 * each time. Prints the time without the restarts' waits, the memory at each tenth, and whether anything is lost or doubled.
 */
const lines = Number(process.argv[2] ?? 1_000_000)
const second = 1000

const { dataDir, family } = ownPrograms()
try {
  await measure()
} finally {
  await family.stop()
}

async function measure(): Promise<void> {
  const keys = {
    DATA_KEYS: `1:${randomBytes(32).toString('base64')}`,
    DIGEST_KEY: randomBytes(32).toString('base64'),
  }
  const { mongodbUri } = await startAll(dataDir, family, [], keys)
  const file = join(dataDir, 'people.ndjson')
  await writeLines(file)
  const { PATH = '', HOME = '' } = process.env
  const env = { ...keys, MONGODB_URI: mongodbUri, PATH, HOME }
  const begun = performance.now()
  const { status } = await importWithKills(file, env)
  const seconds = (performance.now() - begun) / second
  const connection = await mongoose.createConnection(mongodbUri).asPromise()
  const count = (name: string) => connection.collection(name).countDocuments()
  const [records, reserved] = [
    await count('unproved_accounts'),
    await count('account_reservations'),
  ]
  await connection.close()
  const rate = Math.round(lines / seconds)
  console.log(`${lines} lines in ${seconds.toFixed(0)} s with two kills, ${rate} a second`)
  console.log(`status ${status}, ${records} records, ${reserved} reserved usernames`)
}

async function writeLines(file: string): Promise<void> {
  const output = createWriteStream(file)
  for (let n = 0; n < lines; n += 1) {
    const line = `${JSON.stringify(importedLine(personAt(n), saltedHash('a password')))}\n`
    if (!output.write(line)) await once(output, 'drain')
  }
  output.end()
  await once(output, 'finish')
}

/** Runs the command until it ends by itself. */
async function importWithKills(file: string, env: Readonly<Record<string, string>>) {
  const kills = [lines / 3, (lines * 2) / 3]
  for (let options: readonly string[] = []; ; options = ['--resume']) {
    const child = started(file, options, env)
    const ended = once(child, 'exit')
    let isOver = false
    void ended.then(() => {
      isOver = true
    })
    for (let shown = 0; !isOver; ) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      const read = linesRead(file)
      const tenth = Math.floor((read * 10) / lines)
      if (tenth > shown) console.log(`${read} lines, ${memoryOf(child)}`)
      shown = Math.max(shown, tenth)
      if (kills[0] === undefined || read < kills[0]) continue
      kills.shift()
      child.kill('SIGKILL')
      console.log(`killed after ${read} lines`)
      break
    }
    const [status, signal] = await ended
    if (!signal) return { status }
  }
}

function started(
  file: string,
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const script = fileURLToPath(new URL('../src/cli/accounts.ts', import.meta.url))
  const node = ['--import', import.meta.resolve('tsx'), script, 'import', file, ...options]
  return spawn(process.execPath, node, { env, stdio: 'inherit' })
}

function linesRead(file: string): number {
  const progress = `${file}.progress.json`
  return existsSync(progress) ? JSON.parse(readFileSync(progress, 'utf8')).read : 0
}

/** Resident memory now and at its highest, of Linux. */
function memoryOf({ pid }: ChildProcess): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const megabytes = (name: string) =>
    Math.round(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024)
  return `${megabytes('VmRSS')} MB, at most ${megabytes('VmHWM')} MB`
}
