import { mkdtempSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { hash, verify } from '@node-rs/argon2'
import { policy } from '../config/limits-and-lifetimes.ts'
import { children } from '../sandbox/children.mjs'
import { relyingParty } from '../test/sso/platform.ts'
import type { SamplePerson } from '../test/support/people.ts'
import { externalServicesAt } from '../test/support/platform.ts'
import { inTurn, loadOf } from './load.ts'
import { processorTime } from './processor-time.ts'
import { startAll } from './start-all.ts'
import { printTable, type Row } from './table.ts'
import { browserWithPictures, login, registration, signInAgain } from './visitors.ts'

/** `npm run bench` measures the cost of a registration, a login and a sign-in with a session. It asserts no time. */
const workers = 8
const { argon2 } = policy()

const dataDir = mkdtempSync(join(tmpdir(), 'uup-bench-'))
const family = children()
let ending = false
family.removeAtEnd(dataDir)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end(130))
family.died.then(({ name, reason }) => end(1, `${name} ended unexpectedly: ${reason}`))
try {
  const [model] = cpus()
  const load1 = loadavg()[0]?.toFixed(1)
  console.log(
    `${availableParallelism()} cores (${model?.model}), Node ${process.version}, load before ${load1}\n` +
      `argon2id m=${argon2.memoryCost} t=${argon2.timeCost} p=${argon2.parallelism}, ${workers} people at a time\n`,
  )
  printTable(await measure())
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

async function measure(): Promise<readonly Row[]> {
  const { issuer, issuerAlone, simulatorUrl, pids } = await startAll(dataDir, family)
  const load = loadOf(workers, () => processorTime(pids))

  const platform = { issuer, ...externalServicesAt(simulatorUrl) }
  const people: SamplePerson[] = []
  let n = 0
  console.error('Registering …')
  const registrations = await load({ warm: 3, seconds: 15 }, async () => {
    n += 1
    people.push(await registration(platform, n))
  })

  const somebody = () => {
    const person = people.shift()
    if (!person) throw new Error('fewer people than workers have registered')
    people.push(person)
    return person
  }
  const party = await relyingParty(issuer)
  const password = somebody().password
  const passwordHash = await hash(password, argon2)
  console.error('Logging in …')
  const [hashes, logins] = await inTurn(
    () => load({ warm: 1, seconds: 4 }, () => verify(passwordHash, password)),
    () => load({ warm: 1, seconds: 8 }, () => login(party, browserWithPictures(), somebody())),
  )

  console.error('Signing in with a session …')
  const withSessions = async (address: string) => {
    const client = await relyingParty(address)
    const browsers = await Promise.all(
      Array.from({ length: workers }, async () => {
        const browser = browserWithPictures()
        await login(client, browser, somebody())
        return browser
      }),
    )
    return () =>
      load({ warm: 5, seconds: 6 }, async (worker) => {
        const browser = browsers[worker]
        if (browser) await signInAgain(client, browser)
      })
  }
  const [alone, sessions] = await inTurn(
    await withSessions(issuerAlone),
    await withSessions(issuer),
  )

  return [
    { what: 'registrations a minute', per: 60, measured: registrations },
    { what: 'logins a second', measured: logins, baseline: hashes },
    { what: '  argon2 alone, checks a second', measured: hashes },
    { what: 'sign-ins with a session a second', measured: sessions, baseline: alone },
    { what: '  oidc-provider alone on a Map', measured: alone },
  ]
}
