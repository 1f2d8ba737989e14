import { randomBytes, randomInt } from 'node:crypto'
import { availableParallelism, loadavg } from 'node:os'
import mongoose from 'mongoose'
import { freePort } from '../sandbox/ports.mjs'
import { relyingParty } from '../test/sso/platform.ts'
import { lookUp, operatorsOf } from '../test/support/console.ts'
import { personAtForms } from '../test/support/person-at-forms.ts'
import { externalServicesAt } from '../test/support/platform.ts'
import { personFields } from '../test/support/recovering.ts'
import { fill, keysOf, personAt } from './many-accounts.ts'
import { median } from './median.ts'
import { ownPrograms } from './own-programs.ts'
import { startAll } from './start-all.ts'
import { print } from './table.ts'
import { browserWithPictures, login, registration } from './visitors.ts'

/**
 * `npm run bench:accounts [FEW MANY [ROUNDS]]` fills one database with few accounts and one with many, and compares what
 * one person at a time waits for: a registration, a login, the first answer of 找回用户名, each 用户查询 of an operator, and 运行状况.
 * Two platforms on the same servers take turns, one request after the other.
 */
const [few = 10_000, many = 1_000_000, rounds = 200] = process.argv.slice(2).map(Number)
const warmUp = 20

const { dataDir, family } = ownPrograms()
family.died.then(async ({ name, reason }) => {
  console.error(`${name} ended unexpectedly: ${reason}`)
  await family.stop()
  process.exit(1)
})
try {
  await compare()
} finally {
  await family.stop()
}

type Operations = Awaited<ReturnType<typeof operationsAt>>['operations']

async function compare(): Promise<void> {
  const keys = [randomBytes(32), randomBytes(32)] as const
  const admins = [await freePort(), await freePort()] as const
  const settingsOf = (n: 0 | 1) => ({
    ...{ DATA_KEYS: `1:${keys[n].toString('base64')}`, DIGEST_KEY: '' },
    ADMIN_PORT: String(admins[n]),
  })
  const started = await startAll(dataDir, family, [], settingsOf(0))
  const manyUri = started.mongodbUri.replace('/uup?', '/many?')
  const issuer = await started.startPlatform('platform of many', {
    ...{ ...settingsOf(1), MONGODB_URI: manyUri, REDIS_PREFIX: 'many:' },
  })
  const { simulatorUrl } = started
  const small = await operationsAt(
    ...([{ issuer: started.issuer, simulatorUrl }, started.mongodbUri, few] as const),
    ...([keys[0], admins[0]] as const),
  )
  const large = await operationsAt({ issuer, simulatorUrl }, manyUri, many, keys[1], admins[1])

  const results = []
  for (const what of Object.keys(small.operations) as (keyof Operations)[]) {
    console.error(`${what} …`)
    const took = { few: [] as number[], many: [] as number[] }
    for (let round = -warmUp; round < rounds; round += 1) {
      const turns = [
        ['few', small.operations[what]] as const,
        ['many', large.operations[what]] as const,
      ]
      for (const [size, operation] of round % 2 ? turns : turns.reverse()) {
        const begun = performance.now()
        await operation()
        if (round >= 0) took[size].push(performance.now() - begun)
      }
    }
    const [one, other] = [median(took.few), median(took.many)]
    results.push({ what, fewMs: one, manyMs: other, ratio: other / one })
    console.error(`${what}: ${one.toFixed(1)} ms, ${other.toFixed(1)} ms`)
  }
  await Promise.all([small.close(), large.close()])
  print([
    ['', `${few} ms`, `${many} ms`, 'ratio'],
    ...results.map(({ what, fewMs, manyMs, ratio }) => [
      ...[what, fewMs.toFixed(2), manyMs.toFixed(2), ratio.toFixed(3)],
    ]),
  ])
  const machine = { cores: availableParallelism(), load: loadavg()[0] }
  console.log(JSON.stringify({ few, many, rounds, machine, results }))
}

/** Fills a platform's database, and returns what is measured there. */
async function operationsAt(
  { issuer, simulatorUrl }: { readonly issuer: string; readonly simulatorUrl: string },
  mongodbUri: string,
  count: number,
  key: Buffer<ArrayBuffer>,
  adminPort: number,
) {
  const mongodb = await mongoose.createConnection(mongodbUri).asPromise()
  const keys = await keysOf(mongodb, key)
  console.error(`Storing ${count} accounts …`)
  await fill(mongodb, keys, count)
  const adminUrl = `http://127.0.0.1:${adminPort}`
  const encryption = { inMongo: keys.encryption }
  const desk = await operatorsOf({ stores: { mongodb }, encryption, adminUrl })
  const support = await desk.newOperator('support')
  let session: ReturnType<typeof desk.signedIn> | undefined
  // Storing the other database takes longer than an idle session lasts.
  const operator = () => {
    session ??= desk.signedIn(support)
    return session
  }

  const platform = { issuer, ...externalServicesAt(simulatorUrl) }
  const party = await relyingParty(issuer)
  let registered = count
  const somebody = () => personAt(randomInt(count))
  const found = async (fields: Readonly<Record<string, string>>) => {
    const { status, $ } = await lookUp(await operator(), fields)
    if (status !== 200 || !$('[data-account-id]').length) throw new Error(`look-up: ${status}`)
  }
  const operations = {
    registration: () => registration(platform, registered++),
    login: () => login(party, browserWithPictures(), somebody()),
    async 找回用户名() {
      const at = personAtForms(browserWithPictures())
      const page = await at.send(
        await at.open(`${issuer}/recover/username`),
        personFields(somebody()),
      )
      if (page.status !== 200 || page.faults.length) throw new Error(`找回用户名: ${page.title}`)
    },
    '用户查询 by username': () => found({ by: 'username', value: somebody().username }),
    '用户查询 by document': () =>
      found({ by: 'document', idType: 'resident_id', value: somebody().idNumber }),
    '用户查询 by phone': () => found({ by: 'phone', value: `+86 ${somebody().phone}` }),
    async 运行状况() {
      const { status } = await (await operator()).get('/stats?days=30')
      if (status !== 200) throw new Error(`运行状况: ${status}`)
    },
  }
  return { operations, close: () => mongodb.close() }
}
