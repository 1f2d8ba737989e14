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
import { enrol, enrolMany, verifies } from '../support/enrolled.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { expectEverything, useEverything } from '../support/record-of-each-kind.ts'
import { signInFields } from '../support/registering.ts'
import { type TestStores, testStores } from '../support/stores.ts'

/** 100,000 by hand: `PEOPLE=100000 npx jest test/faults/data-key-rotation` (CONTRIBUTING.md). */
const peopleBefore = Number(process.env['PEOPLE'] ?? 200)

/** A rotation waits for every process, and twice for 15 s. */
const longest = 1_200_000 + peopleBefore * 50

/** Ten random digits alone would give two of 100,000 people the same name. */
const manyPeople = () =>
  Array.from({ length: peopleBefore }, (_, n) => samplePerson({ username: `before${n}` }))

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

/**
 * Signs in at the exam service with the password. Tries again when the answer is 503, as people are told: a machine that is
 * busy with other tests can exceed the time-outs of the stores.
 */
async function signIn(platform: TestPlatform, person: SamplePerson, attempts = 5): Promise<void> {
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/login`)
  const { status, faults, text } = await at.send(login, signInFields(person))
  if (status === 503 && attempts > 1) return signIn(platform, person, attempts - 1)
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

/** A person is found by username, document and phone, and their password is the one of the account. */
async function expectFound(
  { accounts, encryption, pepper }: Awaited<ReturnType<typeof oneMoreProcess>>,
  person: SamplePerson,
) {
  const account = await accounts.findByUsername(person.username)
  const document = { type: person.idType, number: person.idNumber }
  expect(account).toMatchObject({ name: person.name, document })
  expect(await accounts.findByDocument(document)).toEqual(account)
  const phones = [...accountIndexes(encryption).phone(account?.phone ?? '')]
  const found = stores.mongodb
    .collection<{ _id: string }>('accounts')
    .find({ phoneDigest: { $in: phones } })
  expect((await found.toArray()).map(({ _id }) => _id)).toContain(account?.id)
  const hash = pepper.remove(account?.passwordHash ?? '')
  expect(await verifies(person.password, hash)).toBe(true)
}

/** The strings in MongoDB that match, wherever they are stored. */
async function storedTexts(matches: (text: string) => boolean) {
  const found = new Set<string>()
  for (const { name } of await stores.mongodb.listCollections())
    for await (const document of stores.mongodb.collection(name).find())
      JSON.stringify(document, (_, value) => {
        if (typeof value === 'string' && matches(value)) found.add(value)
        return value
      })
  return found
}

/**
 * Everybody is found and has their password, without the old keys. Ten of the first and ten of the last people sign in at
 * the exam service: 100,000 ways through its pages would take hours.
 */
async function expectEverybody(crypto: Crypto, people: readonly SamplePerson[]) {
  const platform = await platformWith({ CRYPTO: crypto, DATA_KEYS: written(newKey) }, 1)
  const after = await oneMoreProcess(stores.mongodb, crypto, [newKey])
  for (let first = 0; first < people.length; first += 50)
    await Promise.all(people.slice(first, first + 50).map((person) => expectFound(after, person)))
  for (const person of [...people.slice(0, 10), ...people.slice(-10)])
    await signIn(platform, person)
  await platform.close()
  return after
}

test(
  'after a rotation from the keys of before data keys, interrupted twice under load, nothing depends on them',
  async () => {
    const earlier = await earlierStores(stores.mongodb, oldKey, digestKey)
    const people = manyPeople()
    await enrolMany(stores.mongodb, earlier.encryption, people)
    const [owner = samplePerson()] = people
    const used = await useEverything(earlier, owner)
    await earlier.finish()
    const subject = earlier.blindIndex('oidc.pairwise', 'sector and account')
    const phones = new Set(
      people.map(({ phone }) => earlier.blindIndex('accounts.phone', `+86${phone}`)),
    )
    const isOld = (text: string) => /^1\.[\w-]{38,}$/.test(text) || phones.has(text)
    const storedBefore = await storedTexts(isOld)
    expect([...phones].filter((phone) => !storedBefore.has(phone))).toEqual([])

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
    expect(await storedTexts(isOld)).toEqual(new Set())
  },
  longest,
)

test(
  'after a rotation of a data key of SM4 and SM3, interrupted twice under load, nothing depends on the old one',
  async () => {
    const before = await oneMoreProcess(stores.mongodb, 'sm', [oldKey])
    const people = manyPeople()
    await enrolMany(stores.mongodb, before.encryption, people)
    const [owner = samplePerson()] = people
    const used = await useEverything(before, owner)
    await before.stop()
    const isOld = (text: string) => /^((sm|aes)\.1|i1)\./.test(text)
    expect((await storedTexts(isOld)).size).toBeGreaterThan(people.length)

    await rotateUnderLoad('sm', people, { CRYPTO: 'sm', DATA_KEYS: written(newKey, oldKey) })
    const after = await expectEverybody('sm', people)
    await expectEverything(after, owner, used)
    await after.stop()
    expect(await storedTexts(isOld)).toEqual(new Set())
  },
  longest,
)
