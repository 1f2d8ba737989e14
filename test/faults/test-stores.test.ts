import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import mongoose, { type Connection } from 'mongoose'
import { platformName } from '../support/collection-scans.ts'
import { checkout } from '../support/sandbox.ts'
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

test('MongoDB ends the transaction of a killed process within 10 s', async () => {
  const stores = await testStores()
  const name = 'transactionLifetimeLimitSeconds'
  const answer = await stores.mongodb
    .getClient()
    .db('admin')
    .command({ getParameter: 1, [name]: 1 })
  await stores.close()
  // It looks for such transactions each time half of the limit has passed.
  expect(1.5 * answer[name]).toBeLessThan(10)
  const compose = readFileSync(join(checkout, 'docker-compose.yml'), 'utf8')
  expect(compose.match(/rs0, --bind_ip_all.*/g)).toEqual([
    ...[expect.stringContaining(`${name}=6`), expect.stringContaining(`${name}=6`)],
  ])
})

test('closing the stores of a test throws if a query of the platform had a condition and no index', async () => {
  const ways: ((things: ReturnType<Connection['collection']>) => Promise<unknown>)[] = [
    (things) => things.find({ colour: 'red' }).toArray(),
    (things) => things.updateOne({ colour: 'red' }, { $set: { size: 1 } }),
    (things) => things.deleteMany({ colour: 'red' }),
    (things) => things.countDocuments({ colour: 'red' }),
    (things) => things.findOneAndUpdate({ colour: 'red' }, { $set: { size: 1 } }),
  ]
  const afterQuery = async (appName: string, way: (typeof ways)[number]) => {
    const stores = await testStores()
    await stores.mongodb.collection('things').insertOne({ name: 'one' })
    const platform = await mongoose.createConnection(stores.mongodbUri, { appName }).asPromise()
    await way(platform.collection('things'))
    await platform.close()
    return stores.close()
  }
  for (const way of ways) {
    await expect(afterQuery(platformName, way)).rejects.toThrow('things: colour')
    await afterQuery('a test', way)
  }
  await afterQuery(platformName, (things) => things.find().toArray())
})
