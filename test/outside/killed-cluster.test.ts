import { setTimeout as sleep } from 'node:timers/promises'
import * as oidc from 'openid-client'
import { until } from '../../sandbox/ports.mjs'
import { registered } from '../support/account-pages.ts'
import { samplePerson } from '../support/people.ts'
import { type KillableCluster, killableCluster, type Victim, victims } from './killable-cluster.ts'
import { app, type Life, livesOn, newLife } from './ledger.ts'

/** How often each victim is killed. */
const kills = Number(process.env['KILLS'] === 'all' ? 20 : (process.env['KILLS'] ?? 3))
/** People at a time. */
const crowd = 4

jest.setTimeout(3_600_000)

let cluster: KillableCluster
beforeAll(async () => {
  cluster = await killableCluster([app])
})
afterAll(() => cluster?.close())

test('kills of processes, primaries and masters lose, double and resurrect nothing, and people sign in again within 15 s', async () => {
  const config = await oidc.discovery(
    new URL(cluster.issuer),
    app.client_id,
    undefined,
    oidc.None(),
    {
      execute: [oidc.allowInsecureRequests],
    },
  )
  const { live, canSignIn } = livesOn(cluster, config)
  const witness = await registered(cluster, samplePerson())
  const lives: Life[] = []
  const unacknowledged: string[] = []
  let living = true
  const people = Array.from({ length: crowd }, async () => {
    while (living) {
      const life = newLife()
      lives.push(life)
      const end = await live(life)
      if (end) unacknowledged.push(end)
    }
  })

  const signsIn = () => canSignIn(witness, witness.password).catch(() => false)
  const longest: Record<Victim, { signIn: number; locked: number }> = Object.fromEntries(
    victims.map((victim) => [victim, { signIn: 0, locked: 0 }]),
  ) as never
  for (let round = 0; round < kills; round += 1)
    for (const victim of victims) {
      await until(signsIn, { seconds: 60, what: 'the platform' })
      await sleep(Math.random() * 3000)
      const inProgress = lives.slice(-crowd)
      await cluster.kill(victim)
      const killedAt = performance.now()
      const seconds = () => (performance.now() - killedAt) / 1000
      // An answer that was under way at the kill says nothing.
      await sleep(200)
      await until(async () => (await signsIn()) && signsIn(), { seconds: 120, what: 'a sign-in' })
      const signIn = seconds()
      for (const { person } of inProgress) await cluster.untilWritable(person.username)
      const { signIn: before, locked } = longest[victim]
      longest[victim] = { signIn: Math.max(before, signIn), locked: Math.max(locked, seconds()) }
      console.error(
        `${victim} ${round + 1}: sign-ins after ${signIn.toFixed(1)} s, writes after ${seconds().toFixed(1)} s`,
      )
    }
  living = false
  await Promise.all(people)

  const broken: string[] = []
  let facts = 0
  for (const { person, facts: ofPerson, done } of lives)
    for (const [name, isSo] of [...ofPerson]) {
      facts += 1
      const holds = await isSo().catch((error: Error) => error.message)
      if (holds !== true)
        broken.push(`${name} (${holds}) of ${person.username} after ${done.join()}`)
    }
  const usernames = [witness, ...lives.map(({ person }) => person)].map(({ username }) => username)
  const found = await Promise.all(usernames.map((each) => cluster.accounts.findByUsername(each)))
  const accounts = await cluster.mongodb.collection('accounts').countDocuments()
  const counts: Record<string, number> = {}
  for (const each of lives.flatMap(({ done }) => done)) counts[each] = (counts[each] ?? 0) + 1
  console.error(
    JSON.stringify({ people: lives.length, facts, acknowledged: counts, longest, unacknowledged }),
  )
  expect(broken).toEqual([])
  expect(accounts).toBe(found.filter(Boolean).length)
  expect(cluster.log().match(/^.*"status":500.*$/gm) ?? []).toEqual([])
  for (const { signIn, locked } of Object.values(longest)) {
    expect(signIn).toBeLessThan(15)
    expect(locked - signIn).toBeLessThan(10)
  }
})
