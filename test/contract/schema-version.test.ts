import { allMigrations } from '../../src/adapters/mongo/migrations/all-migrations.ts'
import { migrateSchema } from '../../src/adapters/mongo/migrations/migrate-schema.ts'
import type { Migration } from '../../src/adapters/mongo/migrations/migration.ts'
import { recordRedisSchema } from '../../src/adapters/redis/schema-version-redis.ts'
import { type TestStores, testStores } from '../support/stores.ts'

let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

const lines: object[] = []
const log = { info: (line: object) => void lines.push(line) }
const migrate = (migrations?: readonly Migration[]) =>
  migrateSchema(stores.mongodb, log, migrations)

type Document = { readonly _id: string; readonly [field: string]: unknown }
const inCollection = (name: string) => stores.mongodb.collection<Document>(name)
const applied = async () =>
  (await inCollection('schema_migrations').find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)

/** Records each of its runs. */
const recorded = (name: string, more: () => void = () => {}): Migration => ({
  name,
  async up() {
    const number = (await inCollection('runs').countDocuments()) + 1
    await inCollection('runs').insertOne({ _id: `${number} ${name}` })
    more()
  },
})
const runs = async () =>
  (await inCollection('runs').find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id)

test('a new database gets the present schema, and a second start migrates nothing', async () => {
  lines.length = 0
  await migrate()
  expect(await applied()).toEqual(allMigrations.map(({ name }) => name))
  expect(lines).toEqual(allMigrations.map(({ name }) => ({ migration: name })))
  await migrate()
  expect(lines).toHaveLength(allMigrations.length)
})

test('migrations have numbered names in ascending order, each of them once', () => {
  const names = allMigrations.map(({ name }) => name)
  for (const name of names) expect(name).toMatch(/^\d{4}-[a-z-]+$/)
  expect([...new Set(names)].sort()).toEqual(names)
})

test('of ten processes that start at once one runs each migration, in order, and all go on afterwards', async () => {
  const migrations = [recorded('0001-a'), recorded('0002-b'), recorded('0003-c')]
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      await migrate(migrations)
      expect(await applied()).toHaveLength(3)
    }),
  )
  expect(await runs()).toEqual(['1 0001-a', '2 0002-b', '3 0003-c'])
})

test('a later version runs only what is new', async () => {
  await migrate([recorded('0001-a')])
  await migrate([recorded('0001-a'), recorded('0002-b')])
  expect(await runs()).toEqual(['1 0001-a', '2 0002-b'])
})

test('a newer schema ends the start with one line, and nothing is changed', async () => {
  await migrate([recorded('0001-a'), recorded('0002-b')])
  const older = migrate([recorded('0001-a')])
  await expect(older).rejects.toMatchObject({
    name: 'BadEnvironment',
    problems: [expect.stringMatching(/^MONGODB_URI: .*0002-b.*knows up to 0001-a/)],
  })
  expect(await applied()).toEqual(['0001-a', '0002-b'])
  expect(await runs()).toHaveLength(2)
})

test('a migration that fails ends the start, and the next start goes on with it at once', async () => {
  let fails = true
  const second = recorded('0002-b', () => {
    if (fails) throw new Error('no space left')
  })
  const migrations = [recorded('0001-a'), second]
  await expect(migrate(migrations)).rejects.toThrow('no space left')
  expect(await applied()).toEqual(['0001-a'])
  fails = false
  await migrate(migrations)
  expect(await runs()).toEqual(['1 0001-a', '2 0002-b', '3 0002-b'])
})

test('a process that was killed while it migrated holds up the others only until its lock ends', async () => {
  const until = new Date(Date.now() + 1000)
  await inCollection('schema_lock').insertOne({ _id: 'lock', holder: 'a dead process', until })
  await migrate([recorded('0001-a')])
  expect(Date.now()).toBeGreaterThanOrEqual(until.getTime())
  expect(await runs()).toEqual(['1 0001-a'])
})

test('0001 writes the fields that documents of earlier versions lack, in collections of any size', async () => {
  const earlier = Array.from({ length: 2500 }, (_, n) => ({ _id: `account ${n}` }))
  await inCollection('accounts').insertMany([...earlier, { _id: 'unit', kind: 'organisation' }])
  await inCollection('clients').insertMany([{ _id: 'a' }, { _id: 'b', owner: 'command' }])
  await inCollection('cases').insertMany([{ _id: 'c' }, { _id: 'd', tries: 3 }])
  await migrate()
  const kinds = inCollection('accounts')
  expect(await kinds.countDocuments({ kind: 'individual' })).toBe(2500)
  expect(await kinds.countDocuments({ kind: 'organisation' })).toBe(1)
  const values = async (name: string, field: string) =>
    (await inCollection(name).find().sort({ _id: 1 }).toArray()).map((each) => each[field])
  expect(await values('clients', 'owner')).toEqual(['file', 'command'])
  expect(await values('cases', 'tries')).toEqual([1, 3])
})

test('Redis has a version too: a newer one ends the start with one line, an older one is replaced', async () => {
  await recordRedisSchema(stores)
  expect(await stores.redis.get(`${stores.keyPrefix}schema`)).toBe('1')
  await recordRedisSchema(stores, 2)
  await expect(recordRedisSchema(stores)).rejects.toMatchObject({
    problems: [expect.stringMatching(/^REDIS_URL: .*schema 2.*knows up to 1/)],
  })
  expect(await stores.redis.get(`${stores.keyPrefix}schema`)).toBe('2')
})
