import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { hash, verify } from '@node-rs/argon2'
import { policy } from '../config/limits-and-lifetimes.ts'
import { children } from '../sandbox/children.mjs'
import { until } from '../sandbox/ports.mjs'
import { signIn } from '../test/sso/platform.ts'
import type { SamplePerson } from '../test/support/people.ts'
import { externalServicesAt } from '../test/support/platform.ts'
import { signInFields } from '../test/support/registering.ts'
import { benchClientOfPlatform } from './bench-client.ts'
import { loadOf, type Measured, together } from './load.ts'
import { processorTime } from './processor-time.ts'
import { topOfProfile } from './profile.ts'
import { authorizationUrl, scenarios, type Target } from './scenarios.ts'
import { startAll } from './start-all.ts'
import { storeCommands } from './store-commands.ts'
import { jsonOf, printTable, type Row } from './table.ts'
import { browserWithPictures, registration } from './visitors.ts'

/**
 * `npm run bench -- [--seconds=N] [--json=FILE] [SCENARIO …]` measures the compiled platform beside oidc-provider alone, and
 * `npm run bench -- profile SCENARIO` writes a processor profile. It asserts no time.
 */
const workers = 8
const { argon2 } = policy()
const given = process.argv.slice(2)
const option = (name: string) =>
  given.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3)
const seconds = Number(option('seconds') ?? 10)
const words = given.filter((word) => !word.startsWith('--'))
const isProfile = words[0] === 'profile'
const named = isProfile ? words.slice(1) : words
const names = [...Object.keys(scenarios), 'login', 'registration']
const chosen = named.length ? named : names
const unknown = chosen.filter((name) => !names.includes(name))
if (unknown.length || (isProfile && chosen.length !== 1)) {
  console.error(`Scenarios: ${names.join(', ')}`)
  process.exit(64)
}

const dataDir = mkdtempSync(join(tmpdir(), 'uup-bench-'))
const family = children()
let ending = false
family.removeAtEnd(dataDir)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end(130))
family.died.then(async ({ name, reason }) => {
  if (!isProfile) await end(1, `${name} ended unexpectedly: ${reason}`)
})
try {
  const [model] = cpus()
  const load1 = loadavg()[0]?.toFixed(1)
  console.log(
    `${availableParallelism()} cores (${model?.model}), Node ${process.version}, load before ${load1}\n` +
      `argon2id m=${argon2.memoryCost} t=${argon2.timeCost} p=${argon2.parallelism}, ${workers} workers, ${seconds} s each\n`,
  )
  execFileSync('npm', ['run', 'build'], { stdio: 'ignore' })
  await (isProfile ? profile(chosen[0] ?? '') : compare())
  await end(0)
} catch (error) {
  await end(1, error)
}

/** Ends once, for the first reason, since later failures are its consequences. */
async function end(status: number, why?: unknown): Promise<void> {
  if (ending) return
  ending = true
  if (why) console.error(why)
  await family.stop()
  process.exit(status)
}

/** Pins this process and what it starts from now on to one core. */
function pinTo(core: number): void {
  execFileSync('taskset', ['-apc', String(core), String(process.pid)], { stdio: 'ignore' })
}

/** Starts the servers on core 0, registers a person for each worker, and leaves core 1 to the load. */
async function started(options: readonly string[] = []) {
  pinTo(0)
  const all = await startAll(dataDir, family, [benchClientOfPlatform], {}, options)
  pinTo(1)
  const registrar = { issuer: all.issuer, ...externalServicesAt(all.simulatorUrl) }
  let serial = 0
  const register = () => {
    serial += 1
    return registration(registrar, serial)
  }
  const people: SamplePerson[] = []
  for (let n = 0; n < workers; n += 1) people.push(await register())
  const load = loadOf(workers, () => processorTime(all.pids))
  const ofPlatform = await signedIn(all.issuer, people)
  return { ...all, register, people, load, ofPlatform }
}

async function signedIn(issuer: string, people: readonly SamplePerson[]): Promise<Target> {
  const browsers = await Promise.all(
    people.map(async (person) => {
      const browser = browserWithPictures()
      await signIn(browser, authorizationUrl(issuer), signInFields(person))
      return browser
    }),
  )
  return { issuer, browsers }
}

async function compare(): Promise<void> {
  const servers = await started()
  const { load, ofPlatform, people, register, startAlone } = servers
  pinTo(0)
  const onMap = await startAlone('alone, Map')
  const onRedis = await startAlone('alone, Redis', { REDIS_URL: `${servers.redisUrl}/1` })
  pinTo(1)
  const alone = [await signedIn(onMap, people), await signedIn(onRedis, people)]
  const time = { warm: Math.min(2, seconds / 2), seconds: seconds / 2 }
  const rows: Row[] = []

  /** Measures all alternately, twice each, so that other work of the machine affects all. */
  async function measure(operations: readonly ((worker: number) => Promise<unknown>)[]) {
    const first: Measured[] = []
    for (const operation of operations) first.push(await load(time, operation))
    const second: Measured[] = []
    for (const operation of operations) second.push(await load(time, operation))
    return first.map((one, at) => together(one, second[at] ?? one))
  }

  for (const name of chosen) {
    console.error(`${name} …`)
    const scenario = scenarios[name]
    const passwordHash = await hash('a password', argon2)
    const own = {
      login: (worker: number) => signedIn(ofPlatform.issuer, people.slice(worker, worker + 1)),
      registration: register,
    }[name]
    const operations = scenario
      ? [await scenario(ofPlatform), ...(await Promise.all(alone.map(scenario)))]
      : [...(own ? [own] : []), () => verify(passwordHash, 'a password')]
    const [platform, map, redis] = await measure(operations)
    const [operation] = operations
    if (!platform || !map || !operation) continue
    const commands = await storeCommands(servers, () => operation(0))
    rows.push({ name, platform, commands, map, redis })
  }
  printTable(rows)
  const file = option('json')
  if (file) writeFileSync(file, `${JSON.stringify(jsonOf(rows), null, 2)}\n`)
}

async function profile(name: string): Promise<void> {
  const folder = join(process.cwd(), '.data', 'profiles', `${name}-${Date.now()}`)
  const { load, ofPlatform, people, pids, register } = await started([
    ...['--cpu-prof', `--cpu-prof-dir=${folder}`],
  ])
  const scenario = scenarios[name]
  const login = (worker: number) => signedIn(ofPlatform.issuer, people.slice(worker, worker + 1))
  const operation = scenario ? await scenario(ofPlatform) : name === 'login' ? login : register
  await load({ warm: 0, seconds }, operation)
  process.kill(pids.get('platform') ?? 0, 'SIGTERM')
  const isWritten = async () => readdirSync(folder).length > 0
  await until(() => isWritten().catch(() => false), { seconds: 60, what: 'the profile' })
  const { path, top } = topOfProfile(folder, seconds)
  for (const { name: module, share } of top)
    console.log(`${(share * 100).toFixed(1).padStart(5)} %  ${module}`)
  console.log(`\n${path}`)
}
