import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { availableParallelism, loadavg } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import mongoose from 'mongoose'
import { formOf, signIn } from '../test/sso/platform.ts'
import { cookieBrowser } from '../test/support/cookie-browser.ts'
import { signInFields } from '../test/support/registering.ts'
import { benchClientOfPlatform } from './bench-client.ts'
import { quantile } from './load.ts'
import { fill, keysOf, personAt } from './many-accounts.ts'
import { ownPrograms } from './own-programs.ts'
import { authorizationUrl, scenarios } from './scenarios.ts'
import { startAll } from './start-all.ts'
import { print } from './table.ts'
import { type Answer, waitingSocket } from './waiting-socket.ts'

/**
 * `npm run bench:storm [LOGINS …]` sends so many login forms at once, then so many first visits, while ten other people
 * refresh their tokens and a balancer asks for `/health/ready`. The servers are pinned to core 0, the load to core 1.
 */
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [1000, 1500]
const others = 10
const quietSeconds = 10

const head = [
  ...['', 'refreshes', 'failed', 'p50 ms', 'p99 ms', 'ready', 'failed', 'slowest ms'],
  ...[
    'served',
    'other answers',
    'refused',
    'no Retry-After',
    'refusal p50',
    'p99 ms',
    'last after s',
  ],
]

type Request = Parameters<typeof waitingSocket>

type Result = { readonly ok: boolean; readonly ms: number }

const pinTo = (core: number) =>
  execFileSync('taskset', ['-apc', String(core), String(process.pid)], { stdio: 'ignore' })

const { dataDir, family } = ownPrograms()
try {
  execFileSync('npm', ['run', 'build'], { stdio: 'ignore' })
  await measure()
} finally {
  await family.stop()
}

async function measure(): Promise<void> {
  pinTo(0)
  const key = randomBytes(32)
  const settings = { DATA_KEYS: `1:${key.toString('base64')}`, DIGEST_KEY: '' }
  const { issuer, mongodbUri } = await startAll(
    ...([dataDir, family, [benchClientOfPlatform], settings, []] as const),
  )
  pinTo(1)
  const mongodb = await mongoose.createConnection(mongodbUri).asPromise()
  await fill(mongodb, await keysOf(mongodb, key), Math.max(...sizes) + others)
  await mongodb.close()
  const browsers = Array.from({ length: others }, () => cookieBrowser())
  for (const [n, browser] of browsers.entries())
    await signIn(browser, authorizationUrl(issuer), signInFields(personAt(n)))
  const refresh = (await scenarios['refresh']?.({ issuer, browsers })) ?? Promise.reject
  const isReady = async () => {
    const { ok } = await fetch(`${issuer}/health/ready`)
    if (!ok) throw new Error('unready')
  }

  /** Repeats the requests of the others until `work` is done. */
  async function beside(work: Promise<unknown>) {
    const refreshes: Result[] = []
    const readiness: Result[] = []
    let ended = false
    const repeat = async (into: Result[], pause: number, request: () => Promise<unknown>) => {
      while (!ended) {
        into.push(await timed(request))
        await sleep(pause)
      }
    }
    const done = work.finally(() => {
      ended = true
    })
    await Promise.all([
      done,
      repeat(readiness, 250, isReady),
      ...browsers.map((_, worker) => repeat(refreshes, 200, async () => refresh(worker))),
    ])
    return { refreshes, readiness }
  }

  const lines = [head, rowOf('quiet', await beside(sleep(quietSeconds * 1000)))]
  for (const size of sizes)
    for (const [what, prepare] of [
      ['forms', form],
      ['visits', visit],
    ] as const) {
      const people = Array.from({ length: size }, (_, n) => n + others)
      const requests: Request[] = []
      for (const n of people) requests.push(await prepare(issuer, n))
      // The server ends a connection on which nothing comes for 10 s, so that all of them open at the end.
      const sends = await Promise.all(requests.map((request) => waitingSocket(...request)))
      const began = performance.now()
      const answers: Answer[] = []
      const storm = Promise.all(sends.map(async (send) => answers.push(await send())))
      const found = await beside(storm)
      const seconds = ((performance.now() - began) / 1000).toFixed(1)
      lines.push([...rowOf(`${size} ${what}`, found), ...cellsOf(answers), seconds])
      await sleep(3000)
    }
  console.log(`${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`)
  print(lines)
}

/** A login form that is filled in and not sent yet. */
async function form(issuer: string, n: number): Promise<Request> {
  const browser = cookieBrowser()
  const page = await browser.visit(authorizationUrl(issuer))
  const address = page.path.at(-1) ?? new URL(issuer)
  const cookies = browser.cookies().filter(({ path }) => address.pathname.startsWith(path))
  const lines = [
    ...[`POST ${address.pathname} HTTP/1.1`, `origin: ${address.origin}`],
    `cookie: ${cookies.map(({ name, value }) => `${name}=${value}`).join('; ')}`,
    'content-type: application/x-www-form-urlencoded',
  ]
  return [address, lines, String(formOf(page, signInFields(personAt(n))))]
}

/** The first request of somebody who wants to log in. */
async function visit(issuer: string): Promise<Request> {
  const address = new URL(authorizationUrl(issuer))
  return [address, [`GET ${address.pathname}${address.search} HTTP/1.1`]]
}

async function timed(request: () => Promise<unknown>): Promise<Result> {
  const begun = performance.now()
  const ok = await request().then(
    () => true,
    () => false,
  )
  return { ok, ms: performance.now() - begun }
}

const quantileOf = (took: readonly number[], share: number) => quantile({ took }, share).toFixed(0)

function failedOf(results: readonly Result[]): string {
  return String(results.filter(({ ok }) => !ok).length)
}

function rowOf(
  what: string,
  found: Readonly<Record<'refreshes' | 'readiness', readonly Result[]>>,
) {
  const { refreshes, readiness } = found
  const times = refreshes.map(({ ms }) => ms)
  const slowest = Math.max(...readiness.map(({ ms }) => ms)).toFixed(0)
  return [
    ...[what, String(times.length), failedOf(refreshes)],
    ...[quantileOf(times, 0.5), quantileOf(times, 0.99)],
    ...[String(readiness.length), failedOf(readiness), slowest],
  ]
}

function cellsOf(answers: readonly Answer[]): readonly string[] {
  const refused = answers.filter(({ status }) => status === 503)
  const served = answers.filter(({ status }) => status === 303)
  const times = refused.map(({ ms }) => ms)
  const without = refused.filter(({ retryAfter }) => !retryAfter)
  return [
    ...[String(served.length), String(answers.length - served.length - refused.length)],
    ...[String(refused.length), String(without.length)],
    ...[quantileOf(times, 0.5), quantileOf(times, 0.99)],
  ]
}
