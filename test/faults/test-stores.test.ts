import { testStores } from '../support/stores.ts'

test('the stores of a test support transactions and an append-only file, and close() deletes their data', async () => {
  const stores = await testStores()
  const session = await stores.mongodb.startSession()
  await session.withTransaction(async () => {
    await stores.mongodb.collection('things').insertOne({ name: 'one' }, { session })
  })
  await session.endSession()
  await stores.redis.set(`${stores.keyPrefix}thing`, 'one')
  expect(await stores.mongodb.collection('things').countDocuments()).toBe(1)
  expect(await stores.redis.config('GET', 'appendonly')).toEqual(['appendonly', 'yes'])
  await stores.close()

  const after = await testStores()
  expect(await after.redis.exists(`${stores.keyPrefix}thing`)).toBe(0)
  const { databases } = await after.mongodb.listDatabases()
  expect(databases.map(({ name }) => name)).not.toContain(stores.keyPrefix.slice(0, -1))
  await after.close()
})
