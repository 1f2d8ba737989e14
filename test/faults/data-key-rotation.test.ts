import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mongoose'
import type { Environment } from '../../config/environment/settings.ts'
import { pepperOf } from '../../src/adapters/crypto/peppered-passwords.ts'
import { accountIndexes } from '../../src/adapters/mongo/account-indexes.ts'
import { followDataKeys } from '../../src/adapters/mongo/data-keys/follow-data-keys.ts'
import { openDataKeys } from '../../src/adapters/mongo/data-keys/open-data-keys.ts'
import { keyProviders } from '../../src/compose/key-providers.ts'
import { dataKeyCommand } from '../support/data-key-command.ts'
import { adaptersOf, earlierStores } from '../support/earlier-stores.ts'
import { enrol, verifies } from '../support/enrolled.ts'
import { leaksIn, mongoDump } from '../support/leak-search.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { signInFields } from '../support/registering.ts'
import { type TestStores, testStores } from '../support/stores.ts'

/** 100,000 by hand: `PEOPLE=100000 npx jest test/faults/data-key-rotation` (CONTRIBUTING.md). */
const peopleBefore = Number(process.env['PEOPLE'] ?? 200)

/** A rotation waits for every process, and twice for 15 s. */
const longest = 1_200_000

let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

const versioned = (version: string) => ({ version, key: randomBytes(32) })
const [oldKey, newKey] = [versioned('1'), versioned('2')]
const digestKey = randomBytes(32)
const written = (...keys: readonly { version: string; key: Buffer }[]) =>
  keys.map(({ version, key }) => `${version}:${key.toString('base64')}`).join()

type Crypto = Environment['CRYPTO']
type Adapters = Awaited<ReturnType<typeof adaptersOf>>

/** The stores as one more process has them. */
async function oneMoreProcess(
  connection: Connection,
  CRYPTO: Crypto,
  DATA_KEYS = [newKey, oldKey],
) {
  const env = { CRYPTO, KEY_PROVIDER: 'env', DATA_KEYS, DIGEST_KEY: undefined } as const
  const dataKeys = await openDataKeys(connection, keyProviders(env), env)
  if (!dataKeys) throw new Error('no data keys')
  const { encryption, stop } = await followDataKeys(connection, dataKeys, console)
  const adapters = await adaptersOf({ connection, encryption, clock: Date.now })
  const pepper = pepperOf(undefined, dataKeys.secretFor('pepper'), CRYPTO)
  return { ...adapters, encryption, pepper, stop }
}

const request = () => ({
  caller: 'terminal-1',
  key: randomUUID(),
  content: '{"newPhone":"+8613800000000"}',
  jti: randomUUID(),
  fresh: true,
})
const terminalRequest = request()
const clientId = 'library'
const caseOf = (person: SamplePerson) => ({ finding: 'mismatch', name: person.name }) as const

/** Stores a record of each kind that belongs to a person. */
async function useEverything(
  { audit, cases, clients, idempotentRequests, oidc, signingKeys, queue }: Adapters,
  person: SamplePerson,
) {
  const accountId = randomUUID()
  await audit.record({ what: 'registered', accountId, address: '198.51.100.7' })
  const number = await cases.file(caseOf(person) as Parameters<typeof cases.file>[0])
  await clients.add(
    {
      client_id: clientId,
      redirect_uris: ['https://library.example.cn/callback'],
      token_endpoint_auth_method: 'none',
    } as unknown as Parameters<typeof clients.add>[0],
    'command',
  )
  const begun = await idempotentRequests.begin(terminalRequest)
  if (typeof begun === 'object' && 'by' in begun) await begun.finish({ status: 200, body: 'done' })
  const [grantId, token] = [randomUUID(), randomUUID()]
  await oidc.adapterFor('Grant').upsert(grantId, { accountId, clientId, jti: grantId }, 3600)
  await oidc
    .adapterFor('RefreshToken')
    .upsert(token, { accountId, clientId, grantId, jti: token }, 3600)
  await signingKeys.add('ES256', 1, Date.now())
  await queue.add([{ kind: 'erase', accountId, due: Date.now() + 1e9 }])
  return { accountId, number, grantId, token }
}

/** Reads what `useEverything` stored. */
async function expectEverything(
  { audit, cases, clients, idempotentRequests, oidc, signingKeys }: Adapters,
  person: SamplePerson,
  { accountId, number, grantId, token }: Awaited<ReturnType<typeof useEverything>>,
) {
  expect(await audit.latest(accountId, 9)).toMatchObject([{ address: '198.51.100.7' }])
  expect(await cases.find(number)).toMatchObject({ name: person.name })
  expect((await clients.find(clientId))?.metadata.client_id).toBe(clientId)
  expect(await clients.hasOrigin('https://library.example.cn')).toBe(true)
  expect(await idempotentRequests.begin(terminalRequest)).toEqual({
    answered: { status: 200, body: 'done' },
  })
  const other = { ...terminalRequest, content: '{}' }
  expect(await idempotentRequests.begin(other)).toBe('other_content')
  expect(await oidc.grantsOf(accountId)).toMatchObject([{ payload: { jti: grantId } }])
  expect(await oidc.latestGrant(accountId, clientId)).toMatchObject({ jti: grantId })
  expect(await oidc.adapterFor('RefreshToken').find(token)).toMatchObject({ accountId })
  expect((await signingKeys.all()).map(({ alg }) => alg)).toContain('ES256')
}

/** Signs in at the exam service with the password. */
async function signIn(platform: TestPlatform, person: SamplePerson) {
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/login`)
  const { status, faults, text } = await at.send(login, signInFields(person))
  expect({ status, faults, text }).toEqual({
    ...{ status: 200, faults: [] },
    text: expect.stringContaining(person.name),
  })
}

const platformWith = (env: Readonly<Record<string, string>>, processes: number) =>
  testPlatform({
    processes,
    env: { DIGEST_KEY: '', LIMITS_SCALE: '1000', ...env },
    ownStores: { mongodbUri: stores.mongodbUri },
  })

/**
 * Rotates with two interruptions while people sign in, register twice at once under one username, and change their phones.
 * Then starts the platform without the old keys.
 */
async function rotateUnderLoad(
  crypto: Crypto,
  people: SamplePerson[],
  settings: Record<string, string>,
) {
  const platform = await platformWith(settings, 2)
  const processes = [
    await oneMoreProcess(stores.mongodb, crypto),
    await oneMoreProcess(stores.mongodb, crypto),
  ] as const
  const [first, second] = processes
  let rotating = true
  // A changed phone ends sign-ins that are under way, so one half signs in and the other half changes phones.
  const anyone = (half = randomInt(2)) =>
    people[2 * randomInt(Math.floor(people.length / 2)) + half] ?? samplePerson()
  const whileRotating = async (work: () => Promise<void>) => {
    while (rotating) await work()
  }
  const load = [
    whileRotating(() => signIn(platform, anyone(0))),
    whileRotating(async () => {
      const person = samplePerson()
      const rivals = await Promise.allSettled(
        processes.map(({ accounts }, n) =>
          enrol({ accounts }, n ? { ...samplePerson(), username: person.username } : person),
        ),
      )
      // One of both has the username. The other one is told so, and is nobody.
      expect(rivals.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      if (rivals[0]?.status === 'fulfilled') people.push(person)
      const again = enrol(second, { ...anyone(), username: `${person.username}x` })
      await expect(again).rejects.toThrow('document_taken')
      await sleep(20)
    }),
    whileRotating(async () => {
      const person = anyone(1)
      const account = await first.accounts.findByUsername(person.username)
      if (!account) throw new Error(`${person.username} is not found`)
      const phone = `+8613${String(randomInt(1e9)).padStart(9, '0')}`
      const proof = {
        ...{ name: person.name, phone },
        card: { bank: '招商银行', account: person.account, provedAt: Date.now() },
      } as const
      await second.accounts.change(account, { proof }, randomUUID())
      await sleep(20)
    }),
  ]
  const running = Promise.all(load).finally(() => {
    rotating = false
  })
  running.catch(() => {})

  const command = { MONGODB_URI: stores.mongodbUri, ...settings }
  const killedRenewing = await dataKeyCommand(['rotate'], command, /accounts: \d+ records renewed/)
  const killedCleaning = await dataKeyCommand(['rotate'], command, /removes the indexes/)
  const done = await dataKeyCommand(['rotate'], command)
  rotating = false
  await running
  await Promise.all(processes.map(({ stop }) => stop()))
  await platform.close()
  expect([killedRenewing.status, killedCleaning.status]).toEqual([null, null])
  expect(done.lines.join('\n')).toContain('DATA_KEYS: version 1 may be removed')
  expect(done.status).toBe(0)
  return done.lines
}

/** Everybody signs in, and is found by username, document and phone, without the old keys. */
async function expectEverybody(crypto: Crypto, people: readonly SamplePerson[]) {
  const platform = await platformWith({ CRYPTO: crypto, DATA_KEYS: written(newKey) }, 1)
  const after = await oneMoreProcess(stores.mongodb, crypto, [newKey])
  const indexes = accountIndexes(after.encryption)
  for (const person of people) {
    const account = await after.accounts.findByUsername(person.username)
    const document = { type: person.idType, number: person.idNumber }
    expect(account).toMatchObject({ name: person.name, document })
    expect(await after.accounts.findByDocument(document)).toEqual(account)
    const byPhone = { phoneDigest: { $in: [...indexes.phone(account?.phone ?? '')] } }
    const found = stores.mongodb.collection<{ _id: string }>('accounts').find(byPhone)
    expect((await found.toArray()).map(({ _id }) => _id)).toContain(account?.id)
    const hash = after.pepper.remove(account?.passwordHash ?? '')
    expect(await verifies(person.password, hash)).toBe(true)
  }
  for (const person of people.slice(-10)) await signIn(platform, person)
  await platform.close()
  return after
}

test(
  'after a rotation from the keys of before data keys, interrupted twice under load, nothing depends on them',
  async () => {
    const earlier = await earlierStores(stores.mongodb, oldKey, digestKey)
    const people = Array.from({ length: peopleBefore }, () => samplePerson())
    for (const person of people) await enrol(earlier, person)
    const [owner = samplePerson()] = people
    const used = await useEverything(earlier, owner)
    await earlier.finish()
    const subject = earlier.blindIndex('oidc.pairwise', 'sector and account')
    const phones = Object.fromEntries(
      people.map(({ phone }) => [phone, earlier.blindIndex('accounts.phone', `+86${phone}`)]),
    )
    expect(leaksIn(await mongoDump(stores), phones)).toHaveLength(people.length)

    const settings = { CRYPTO: 'aes', DATA_KEYS: written(newKey, oldKey) }
    const lines = await rotateUnderLoad('aes', people, {
      ...settings,
      DIGEST_KEY: digestKey.toString('base64'),
    })
    expect(lines).toContain('DIGEST_KEY: may be removed, nothing depends on it')
    const after = await expectEverybody('aes', people)
    await expectEverything(after, owner, used)
    expect(after.encryption.blindIndex('oidc.pairwise', 'sector and account')).toBe(subject)
    await after.stop()
    const dump = await mongoDump(stores)
    expect(dump).not.toMatch(/"1\.[\w-]{38,}"/)
    expect(leaksIn(dump, phones)).toEqual([])
  },
  longest,
)

test(
  'after a rotation of a data key of SM4 and SM3, interrupted twice under load, nothing depends on the old one',
  async () => {
    const before = await oneMoreProcess(stores.mongodb, 'sm', [oldKey])
    const people = Array.from({ length: peopleBefore }, () => samplePerson())
    for (const person of people) await enrol(before, person)
    const [owner = samplePerson()] = people
    const used = await useEverything(before, owner)
    await before.stop()
    expect(await mongoDump(stores)).toContain('"sm.1.')

    await rotateUnderLoad('sm', people, { CRYPTO: 'sm', DATA_KEYS: written(newKey, oldKey) })
    const after = await expectEverybody('sm', people)
    await expectEverything(after, owner, used)
    await after.stop()
    const dump = await mongoDump(stores)
    expect(dump).not.toMatch(/"(sm|aes)\.1\.|"i1\./)
  },
  longest,
)
