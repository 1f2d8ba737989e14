import { randomUUID } from 'node:crypto'
import { accountIndexes } from '../../src/adapters/mongo/account-indexes.ts'
import { accountsMongo } from '../../src/adapters/mongo/accounts-mongo.ts'
import { checkRecords } from '../../src/adapters/mongo/data-keys/check-records.ts'
import { readersIn } from '../../src/adapters/mongo/data-keys/key-readers.ts'
import { accountReservations } from '../../src/adapters/mongo/migrations/0002-account-reservations.ts'
import { reserve } from '../../src/adapters/mongo/reservations/reservations.ts'
import { enrol, enrolMany, enrolUnit } from '../support/enrolled.ts'
import { samplePerson } from '../support/people.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'
import { sampleUnit } from '../support/units.ts'

const encryption = testEncryption()
const indexes = accountIndexes(encryption)

let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

/** The accounts, as one more process of the platform has them. */
const make = async () => ({
  accounts: await accountsMongo({
    ...{ connection: stores.mongodb, encryption, clock: Date.now },
    insertTasks: async () => {},
    useCounterProof: async () => true,
  }),
})

type Stored = { readonly _id: string; readonly account?: string }
const inCollection = (name: string) => stores.mongodb.collection<Stored>(name)
const reserved = async (account: string) =>
  (await inCollection('account_reservations').find({ account }).toArray()).map(({ _id }) => _id)
const documentOf = ({ idType: type, idNumber: number }: ReturnType<typeof samplePerson>) => ({
  ...{ type, number },
})
const indexesOf = (person: ReturnType<typeof samplePerson>) =>
  [...indexes.username(person.username), ...indexes.document(documentOf(person))].sort()

/** Lets `several` processes enrol somebody at once. Returns how many succeeded, and the reasons of the others. */
async function atOnce(several: number, person: (n: number) => ReturnType<typeof samplePerson>) {
  const processes = await Promise.all(Array.from({ length: several }, make))
  const all = await Promise.allSettled(processes.map((each, n) => enrol(each, person(n))))
  const refusals = all.flatMap((each) => (each.status === 'rejected' ? [each.reason.message] : []))
  return { created: all.length - refusals.length, refusals: [...new Set(refusals)] }
}

/** Gives the accounts the unique indexes of the version before, in place of reservations. */
async function likeVersionBefore() {
  await make()
  const accounts = inCollection('accounts')
  await accounts.dropIndexes()
  await accounts.createIndex({ usernameDigest: 1 }, { unique: true })
  await accounts.createIndex({ documentDigest: 1 }, { unique: true })
  await inCollection('account_reservations').deleteMany({})
}
const uniqueIndexes = async () =>
  (await inCollection('accounts').indexes()).filter(({ unique }) => unique)

test('accounts have no unique index but that of their id, so that they can be sharded', async () => {
  const processes = await make()
  await enrol(processes, samplePerson())
  expect(await uniqueIndexes()).toEqual([])
})

test('a registration reserves its username and document, and an erasure ends that', async () => {
  const { accounts } = await make()
  const person = samplePerson()
  const id = await enrol({ accounts }, person)
  expect((await reserved(id)).sort()).toEqual(indexesOf(person))
  await accounts.change({ id, version: 1 }, { closingSince: 1 }, 'closing')
  expect(await accounts.erase(id, 2)).toBe(false)
  expect(await reserved(id)).toHaveLength(2)
  expect(await accounts.erase(id, 1)).toBe(true)
  expect(await reserved(id)).toEqual([])
})

test('a unit reserves its code, and not the document of its handler, who may register as a person', async () => {
  const processes = await make()
  const unit = sampleUnit()
  const handler = await enrolUnit(processes, unit)
  const account = await processes.accounts.findByUsername(handler.username)
  const own = [
    ...indexes.username(handler.username),
    ...indexes.document({ type: 'uscc', number: unit.code }),
  ]
  expect((await reserved(account?.id ?? '')).sort()).toEqual(own.sort())
  await enrol(processes, { ...unit.handler, username: 'another-name' })
})

test('a country that is added to a passport reserves the whole document in place of the number, all or nothing', async () => {
  const { accounts } = await make()
  const passport = { type: 'passport', number: 'E12345678' } as const
  const person = samplePerson(documentFields(passport.number))
  const id = await enrol({ accounts }, person)
  const document = { ...passport, country: 'SGP' }
  const withCountry = { kind: 'individual', document } as const
  expect(await accounts.change({ id, version: 2 }, { withCountry }, 'stale')).toBe('stale')
  expect((await reserved(id)).sort()).toEqual(indexesOf(person))
  await accounts.change({ id, version: 1 }, { withCountry }, 'change')
  const after = [...indexes.username(person.username), ...indexes.document(document)]
  expect((await reserved(id)).sort()).toEqual(after.sort())

  const other = await enrol({ accounts }, samplePerson(documentFields(passport.number)))
  await expect(
    accounts.change({ id: other, version: 1 }, { withCountry }, 'second'),
  ).rejects.toThrow('E11000')
  expect(await reserved(other)).toHaveLength(2)
})
/** A passport from before its country was asked for. */
const documentFields = (idNumber: string) =>
  ({ idType: 'passport', idNumber, idCountry: '' }) as const

test('one of 20 people who register at once gets a username or document whose reservation belongs to nobody', async () => {
  const unused = inCollection('account_reservations')
  const username = 'wanted-by-many'
  const document = samplePerson()
  await make()
  await unused.insertMany(
    [...indexes.username(username), ...indexes.document(documentOf(document))].map((_id) => ({
      ...{ _id, account: 'erased by the version before' },
    })),
  )
  const byName = await atOnce(20, () => samplePerson({ username }))
  expect(byName).toEqual({ created: 1, refusals: ['username_taken'] })
  const byDocument = await atOnce(20, () => ({ ...document, username: samplePerson().username }))
  expect(byDocument).toEqual({ created: 1, refusals: ['document_taken'] })
  expect(await inCollection('accounts').countDocuments()).toBe(2)
  expect(await unused.countDocuments()).toBe(4)
})

test('a process that was killed while it registered somebody leaves nothing that keeps them from registering', async () => {
  const processes = await make()
  const person = samplePerson()
  const killed = await stores.mongodb.startSession()
  killed.startTransaction()
  await reserve(
    stores.mongodb,
    { _id: randomUUID(), usernameDigest: indexes.username(person.username) },
    killed,
  )
  // MongoDB ends the transaction after 9 s; the first try may be an outage before.
  const id = await enrol(processes, person).catch(() => enrol(processes, person))
  expect((await reserved(id)).sort()).toEqual(indexesOf(person))
  await killed.endSession()
})

test('0002 reserves what existing accounts have, of every version, and may be repeated', async () => {
  await likeVersionBefore()
  const accounts = Array.from({ length: 1200 }, (_, n) => ({
    ...{ _id: `account ${n}`, usernameDigest: [`i1.username ${n}`, `i2.username ${n}`] },
    documentDigest: n ? [`i1.document ${n}`] : 'document of an earlier version',
  }))
  await inCollection('accounts').insertMany(accounts)
  const all = async () =>
    (await inCollection('account_reservations').find().toArray()).map(({ _id }) => _id).sort()
  const expected = accounts
    .flatMap(({ usernameDigest, documentDigest }) => [...usernameDigest, documentDigest].flat())
    .sort()
  for (let run = 0; run < 2; run++) {
    await accountReservations.up(stores.mongodb)
    expect(await all()).toEqual(expected)
  }
})

test('0002 ends the start with a line for two accounts of one username, and names no value', async () => {
  await make()
  const person = samplePerson()
  await enrolMany(stores.mongodb, encryption, [
    person,
    samplePerson({ username: person.username.toUpperCase() }),
  ])
  await expect(accountReservations.up(stores.mongodb)).rejects.toMatchObject({
    name: 'BadEnvironment',
    problems: [
      expect.stringMatching(
        /^MONGODB_URI: accounts: [\w-]{36} and [\w-]{36} have the same username: remove one of them$/,
      ),
    ],
  })
})

test('unique indexes stay while a process of the version before runs; before they go, what it registered is reserved', async () => {
  await likeVersionBefore()
  await accountReservations.up(stores.mongodb)
  const reader = { _id: 'the version before', revision: 1, at: new Date() }
  await readersIn(stores.mongodb).insertOne(reader)
  await make()
  expect(await uniqueIndexes()).toHaveLength(2)
  const person = samplePerson()
  await enrolMany(stores.mongodb, encryption, [person])
  const namesake = () => samplePerson({ username: person.username })
  expect(await atOnce(5, namesake)).toEqual({ created: 0, refusals: ['username_taken'] })

  await readersIn(stores.mongodb).updateOne({ _id: reader._id }, { $set: { at: new Date(0) } })
  const later = await make()
  expect(await uniqueIndexes()).toEqual([])
  await expect(enrol(later, namesake())).rejects.toThrow('username_taken')
  const sameDocument = { ...person, username: 'another-name' }
  await expect(enrol(later, sameDocument)).rejects.toThrow('document_taken')
})

test('the check of a restored copy counts accounts with a username or document that is not reserved', async () => {
  const processes = await make()
  const person = samplePerson()
  for (const each of [person, samplePerson()]) await enrol(processes, each)
  await inCollection('schema_migrations').insertOne({ _id: accountReservations.name })
  const [username = ''] = indexes.username(person.username)
  await inCollection('account_reservations').deleteOne({ _id: username })
  for await (const { name, problems } of checkRecords(stores.mongodb, encryption, 10))
    if (name === 'accounts')
      expect(problems.get('have a username or document that is not reserved')).toBe(1)
  expect.assertions(1)
})
