import fc from 'fast-check'
import { budgetsRedis } from '../../src/adapters/redis/budgets-redis.ts'
import type { BudgetName, Budgets } from '../../src/ports/services/budgets.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'

let stores: TestStores
const { clock, turn } = testClock()
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

const rules = {
  reserve: 0.3,
  usedCodes: { share: 0.4, least: 10 },
  surge: { times: 10, hours: 24, least: 2 },
} as const

/** Each call stands for one more process on the same store. */
function process(amounts = { hour: 1000, day: 1000 }) {
  const alarms: string[] = []
  const report = async (name: BudgetName, alarm: string) => void alarms.push(`${name}.${alarm}`)
  const { redis, keyPrefix } = stores
  const both = { sms: amounts, bank: amounts }
  return { alarms, budgets: budgetsRedis({ redis, keyPrefix, clock }, both, rules, report) }
}

const spend = (budgets: Budgets, times: number) =>
  Promise.all(Array.from({ length: times }, () => budgets.spend('sms', 'registered', true)))

test('50 concurrent requests to two processes never spend more than the budget', async () => {
  const [one, two] = [process({ hour: 5, day: 100 }), process({ hour: 5, day: 100 })]
  const answers = (await Promise.all([one, two].map(({ budgets }) => spend(budgets, 25)))).flat()
  expect(answers.filter(({ granted }) => granted)).toHaveLength(5)
  const refused = answers.find((answer) => !answer.granted)
  expect(refused).toMatchObject({ retryAfter: expect.any(Number) })
  // A use leaves the window with its part, a minute long.
  const { retryAfter } = refused as { retryAfter: number }
  expect(retryAfter).toBeGreaterThanOrEqual(3600)
  expect(retryAfter).toBeLessThanOrEqual(3660)
  expect([...one.alarms, ...two.alarms].sort()).toEqual([
    'sms.hour.100',
    'sms.hour.50',
    'sms.hour.80',
  ])
})

test('no hour and no day has more uses than the budget, whenever it begins', async () => {
  const amounts = { hour: 5, day: 17 }
  const pauses = fc.array(fc.integer({ min: 0, max: 3600 }), { minLength: 60, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(pauses, async (walk) => {
      await stores.redis.del(`${stores.keyPrefix}budget:sms`)
      const { budgets } = process(amounts)
      const uses: number[] = []
      for (const pause of walk) {
        turn(pause)
        for (const { granted } of await spend(budgets, 2)) if (granted) uses.push(clock())
      }
      const within = (hours: number, from: number) =>
        uses.filter((use) => use >= from && use < from + hours * 3_600_000).length
      expect(Math.max(...uses.map((from) => within(1, from)))).toBeLessThanOrEqual(amounts.hour)
      expect(Math.max(...uses.map((from) => within(24, from)))).toBeLessThanOrEqual(amounts.day)
    }),
    { numRuns: 10 },
  )
})

test('10,000 requests of strangers leave the reserve of an hour to registered people', async () => {
  const { budgets } = process({ hour: 2000, day: 20_000 })
  let granted = 0
  for (let batch = 0; batch < 100; batch += 1) {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => budgets.spend('sms', 'anyone', true)),
    )
    granted += answers.filter((answer) => answer.granted).length
    turn(10)
  }
  expect(granted).toBe(1400)
  const owners = await spend(budgets, 700)
  expect(owners.filter((answer) => answer.granted)).toHaveLength(600)
})

test('a refused use says when there is budget again', async () => {
  const { budgets } = process({ hour: 3, day: 100 })
  await spend(budgets, 1)
  turn(1800)
  await spend(budgets, 2)
  const refused = await budgets.spend('sms', 'registered')
  if (refused.granted) throw new Error('the budget is exceeded')
  expect(refused.retryAfter).toBeLessThanOrEqual(1860)
  turn(refused.retryAfter)
  expect((await spend(budgets, 3)).filter(({ granted }) => granted)).toHaveLength(1)
})

test('the budget of a day outlasts that of an hour', async () => {
  const { budgets } = process({ hour: 5, day: 7 })
  await spend(budgets, 5)
  turn(3660)
  expect((await spend(budgets, 5)).filter(({ granted }) => granted)).toHaveLength(2)
  turn(23.5 * 3600)
  expect(await budgets.spend('sms', 'anyone')).toMatchObject({ granted: true })
})

test('what is given back can be spent again', async () => {
  const { budgets } = process({ hour: 1, day: 1 })
  const [first] = await spend(budgets, 1)
  expect(await budgets.spend('sms', 'registered')).toMatchObject({ granted: false })
  if (first?.granted) await first.giveBack()
  expect(await budgets.spend('sms', 'registered')).toMatchObject({ granted: true })
})

test('the use of an hour and of a day is reported, and ends with their windows', async () => {
  const { budgets } = process({ hour: 10, day: 100 })
  const [first] = await spend(budgets, 3)
  if (first?.granted) await first.giveBack()
  const hour = { used: 2, amount: 10 }
  expect(await budgets.used('sms')).toEqual({ hour, day: { used: 2, amount: 100 } })
  expect(await budgets.used('bank')).toEqual({
    hour: { used: 0, amount: 10 },
    day: { used: 0, amount: 100 },
  })
  turn(3661)
  expect(await budgets.used('sms')).toEqual({
    hour: { used: 0, amount: 10 },
    day: { used: 2, amount: 100 },
  })
  turn(25 * 3600)
  expect((await budgets.used('sms')).day).toEqual({ used: 0, amount: 100 })
})

test('ten times the usual hour raises an alarm once', async () => {
  const { budgets, alarms } = process()
  for (const usual of [2, 3, 3]) {
    await spend(budgets, usual)
    turn(3600)
  }
  await spend(budgets, 29)
  expect(alarms).toEqual([])
  await spend(budgets, 20)
  expect(alarms).toEqual(['sms.hour.surge'])
})

test('an hour of whose codes fewer than 40 % are used raises an alarm', async () => {
  const { budgets, alarms } = process()
  for (const used of [4, 3]) {
    await spend(budgets, 10)
    for (let n = 0; n < used; n += 1) await budgets.codeUsed()
    turn(3600)
  }
  await spend(budgets, 1)
  expect(alarms).toEqual(['sms.hour.unused-codes'])
})
