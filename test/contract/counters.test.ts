import type mongoose from 'mongoose'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { countersMongo } from '../../src/adapters/counters/counters-mongo.ts'
import { beginOfDay, beginOfHour, lastDays } from '../../src/people/calendar.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'

let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

const hour = 3600
const day = 24 * hour

/** Counters of one process, whose timer never ends within a test. */
async function aProcess(clock: () => number, most = policy().counters.mostPending) {
  const warnings: unknown[] = []
  const rules = { ...policy().counters, writeEvery: day, mostPending: most }
  const log = { warn: (line: unknown) => void warnings.push(line) }
  const counters = await countersMongo({
    ...{ connection: stores.mongodb, clock, log },
    policy: rules as unknown as ReturnType<typeof policy>['counters'],
  })
  return { counters, warnings }
}

const today = (now: number) => lastDays(1, now)

test('what processes add is summed by hour and by day', async () => {
  const { clock } = testClock()
  const [one, other] = [await aProcess(clock), await aProcess(clock)]
  one.counters.add('sign-ins', { outcome: 'password' })
  one.counters.add('sign-ins', { outcome: 'password' }, 4)
  other.counters.add('sign-ins', { outcome: 'password' })
  other.counters.add('sign-ins', { outcome: 'wrong' })
  await Promise.all([one.counters.flush(), other.counters.flush()])
  for (const by of ['hour', 'day'] as const) {
    const at = by === 'hour' ? beginOfHour(clock()) : beginOfDay(clock())
    const counts = await one.counters.read('sign-ins', by, today(clock()))
    expect(counts).toHaveLength(2)
    expect(counts).toEqual(
      expect.arrayContaining([
        { at, outcome: 'password', count: 6 },
        { at, outcome: 'wrong', count: 1 },
      ]),
    )
  }
})

test('hours and days begin as in China, and a range has neither an earlier nor a later one', async () => {
  const { clock, turn } = testClock()
  const { counters } = await aProcess(clock)
  // To the last second of a day in China.
  turn((beginOfDay(clock()) + day * 1000 - clock()) / 1000 - 1)
  counters.add('limits', { limit: 'sms.phone' })
  const evening = clock()
  turn(2)
  counters.add('limits', { limit: 'sms.phone' }, 10)
  const morning = clock()
  expect(new Date(beginOfDay(morning)).toISOString()).toMatch(/T16:00:00/)
  expect(await counters.read('limits', 'day', today(evening))).toEqual([
    { at: beginOfDay(evening), limit: 'sms.phone', count: 1 },
  ])
  expect(await counters.read('limits', 'hour', today(morning))).toEqual([
    { at: beginOfHour(morning), limit: 'sms.phone', count: 10 },
  ])
  const both = await counters.read('limits', 'day', lastDays(2, morning))
  expect(both.map(({ count }) => count)).toEqual([1, 10])
})

test('values of labels come back as they were, whatever characters they have', async () => {
  const { clock } = testClock()
  const { counters } = await aProcess(clock)
  for (const client of ['https://a.example/b?c=$d', '$where', '100%|x', '考生'])
    counters.add('client-sign-ins', { client })
  counters.add('bank-checks', { bank: '招商银行', outcome: 'match' })
  // Half of a character.
  counters.add('client-sign-ins', { client: '\ud83d' })
  const read = await counters.read('client-sign-ins', 'day', today(clock()))
  expect(read.map(({ client }) => client).sort()).toEqual(
    ['', '$where', '100%|x', 'https://a.example/b?c=$d', '考生'].sort(),
  )
  expect(await counters.read('bank-checks', 'day', today(clock()))).toMatchObject([
    { bank: '招商银行', outcome: 'match', count: 1 },
  ])
})

test('hours expire after 32 days, days after two years', async () => {
  const { clock } = testClock()
  const { counters } = await aProcess(clock)
  counters.add('sign-ins', { outcome: 'sms' })
  await counters.stop()
  const stored = await stores.mongodb.collection('counters').find().toArray()
  const lifetimes = stored.map(({ at, expiresAt }) => (expiresAt - at) / 1000 / day)
  expect(lifetimes.sort((one, other) => one - other)).toEqual([32, 731])
})

test('numbers that the store does not take stay in memory, up to a bound, and are written once it does', async () => {
  const { clock } = testClock()
  const { counters, warnings } = await aProcess(clock, 4)
  const collection = stores.mongodb.collection('counters')
  // A document that refuses every `$inc`.
  await collection.insertOne({ _id: 'x' as unknown as mongoose.mongo.ObjectId })
  await stores.mongodb.db?.command({ collMod: 'counters', validator: { never: true } })
  counters.add('limits', { limit: 'a' })
  await counters.flush()
  counters.add('limits', { limit: 'a' })
  counters.add('limits', { limit: 'b' })
  counters.add('limits', { limit: 'beyond' })
  await counters.flush()
  expect(warnings).toHaveLength(1)
  expect(await counters.read('limits', 'day', today(clock()))).toEqual([])
  await stores.mongodb.db?.command({ collMod: 'counters', validator: {} })
  const counts = await counters.read('limits', 'day', today(clock()))
  expect(counts.map(({ limit, count }) => [limit, count]).sort()).toEqual([
    ['a', 2],
    ['b', 1],
  ])
})
