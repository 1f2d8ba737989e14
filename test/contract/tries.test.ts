import { randomUUID } from 'node:crypto'
import { triesRedis } from '../../src/adapters/redis/tries-redis.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Tries, TryRule } from '../../src/ports/limits.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

/** The rule allows 5 failures in 15 minutes, then waits of 1, 2, 4 … 60 minutes (specification, section 5). */
const rule: TryRule = {
  failures: 5,
  window: 900,
  waits: [60, 120, 240, 480, 960, 1920, 3600],
}
const countAdmitted = (waits: readonly number[]) => waits.filter((seconds) => seconds === 0).length

/** The contract of every `Tries`; each call of `make` stands for one more process on the same store. */
function triesContract(make: (clock: Clock) => Tries) {
  /** A subject that has used up its free failures. */
  const exhausted = async () => {
    const { clock, turn } = testClock()
    const subject = randomUUID()
    const begin = () => make(clock).begin('login', subject, rule)
    for (let n = 0; n < 5; n += 1) expect(await begin()).toBe(0)
    return { clock, turn, subject, begin }
  }

  test('five failures are free, and the fifth starts the first wait', async () => {
    const { begin, turn } = await exhausted()
    expect(await begin()).toBe(60)
    turn(59.5)
    expect(await begin()).toBe(1)
  })

  test('the wait before the next try can be read without a try', async () => {
    const { clock, turn } = testClock()
    const subject = randomUUID()
    const wait = () => make(clock).wait('login', subject)
    for (let n = 0; n < 5; n += 1) {
      expect(await wait()).toBe(0)
      await make(clock).begin('login', subject, rule)
    }
    for (let n = 0; n < 10; n += 1) expect(await wait()).toBe(60)
    turn(59.5)
    expect(await wait()).toBe(1)
    turn(0.5)
    expect(await wait()).toBe(0)
    expect(await make(clock).begin('login', subject, rule)).toBe(0)
    expect(await wait()).toBe(120)
    await make(clock).clear('login', subject)
    expect(await wait()).toBe(0)
  })

  test('a try that compared nothing is given back, with the wait that it began', async () => {
    const { clock, turn } = testClock()
    const subject = randomUUID()
    const tries = make(clock)
    const begin = () => tries.begin('login', subject, rule)
    const giveBack = () => tries.giveBack('login', subject)
    await begin()
    await giveBack()
    for (let n = 0; n < 5; n += 1) expect(await begin()).toBe(0)
    await giveBack()
    expect(await tries.wait('login', subject)).toBe(0)
    expect(await begin()).toBe(0)
    expect(await begin()).toBe(60)
    turn(60)
    expect(await begin()).toBe(0)
    expect(await begin()).toBe(120)
    await giveBack()
    expect(await begin()).toBe(0)
    expect(await begin()).toBe(120)
  })

  test('of 50 concurrent tries that are all given back none counts', async () => {
    const { clock } = testClock()
    const subject = randomUUID()
    const begun = await Promise.all(
      Array.from({ length: 50 }, () => make(clock).begin('login', subject, rule)),
    )
    const admitted = begun.filter((wait) => wait === 0)
    await Promise.all(admitted.map(() => make(clock).giveBack('login', subject)))
    for (let n = 0; n < 5; n += 1) expect(await make(clock).begin('login', subject, rule)).toBe(0)
    expect(await make(clock).begin('login', subject, rule)).toBe(60)
  })

  test('a try during a wait neither counts nor prolongs the wait', async () => {
    const { begin, turn } = await exhausted()
    for (let n = 0; n < 50; n += 1) expect(await begin()).toBe(60)
    turn(60)
    expect(await begin()).toBe(0)
  })

  test('one try is admitted after each wait, and the waits grow to an hour', async () => {
    const { begin, turn } = await exhausted()
    for (const wait of [...rule.waits, 3600, 3600]) {
      expect(await begin()).toBe(wait)
      turn(wait)
      expect(await begin()).toBe(0)
    }
    expect(await begin()).toBe(3600)
  })

  test('of 50 concurrent tries five are admitted, and one after a wait', async () => {
    const { clock, turn } = testClock()
    const subject = randomUUID()
    const rush = () =>
      Promise.all(Array.from({ length: 50 }, () => make(clock).begin('login', subject, rule)))
    expect(countAdmitted(await rush())).toBe(5)
    expect(countAdmitted(await rush())).toBe(0)
    turn(60)
    const second = await rush()
    expect(countAdmitted(second)).toBe(1)
    expect(new Set(second)).toEqual(new Set([0, 120]))
  })

  test('a success resets the count', async () => {
    const { begin, turn, clock, subject } = await exhausted()
    turn(60)
    expect(await begin()).toBe(0)
    await make(clock).clear('login', subject)
    for (let n = 0; n < 5; n += 1) expect(await begin()).toBe(0)
    expect(await begin()).toBe(60)
  })

  test('failures are counted within the window that the first one starts', async () => {
    const { clock, turn } = testClock()
    const subject = randomUUID()
    const begin = () => make(clock).begin('login', subject, rule)
    for (let n = 0; n < 4; n += 1) {
      expect(await begin()).toBe(0)
      turn(200)
    }
    turn(100)
    for (let n = 0; n < 5; n += 1) expect(await begin()).toBe(0)
    expect(await begin()).toBe(60)
  })

  test('a failure at the last moment of the window counts', async () => {
    const { clock, turn } = testClock()
    const subject = randomUUID()
    const begin = () => make(clock).begin('login', subject, rule)
    for (let n = 0; n < 4; n += 1) await begin()
    turn(899.999)
    expect(await begin()).toBe(0)
    expect(await begin()).toBe(60)
  })

  test('the count is reset after a window without tries that follows the wait, and not earlier', async () => {
    const early = await exhausted()
    early.turn(60 + 899.999)
    expect(await early.begin()).toBe(0)
    expect(await early.begin()).toBe(120)
    const late = await exhausted()
    late.turn(60 + 900)
    for (let n = 0; n < 5; n += 1) expect(await late.begin()).toBe(0)
    expect(await late.begin()).toBe(60)
  })

  test('without a quiet time the count is reset at the end of the wait', async () => {
    const { clock, turn } = testClock()
    const subject = randomUUID()
    const rests = { failures: 5, window: 86_400, waits: [86_400], quiet: 0 }
    const begin = () => make(clock).begin('questions', subject, rests)
    for (let day = 0; day < 3; day += 1) {
      for (let n = 0; n < 5; n += 1) expect(await begin()).toBe(0)
      expect(await begin()).toBe(86_400)
      turn(86_399)
      expect(await begin()).toBe(1)
      turn(1)
    }
  })

  test('each name and subject has its own count', async () => {
    const { clock, subject } = await exhausted()
    expect(await make(clock).begin('questions', subject, rule)).toBe(0)
    expect(await make(clock).begin('login', randomUUID(), rule)).toBe(0)
  })

  test('a wait may be shorter than a second', async () => {
    const { clock, turn } = testClock()
    const subject = randomUUID()
    const begin = () =>
      make(clock).begin('login', subject, { failures: 1, window: 900, waits: [0.06] })
    expect(await begin()).toBe(0)
    expect(await begin()).toBe(1)
    turn(0.06)
    expect(await begin()).toBe(0)
  })
}

describe('tries in Redis', () => {
  let stores: TestStores
  const encryption = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  const make = (clock: Clock) =>
    triesRedis({ redis: stores.redis, keyPrefix: stores.keyPrefix, encryption, clock })
  triesContract(make)

  test('no key contains the subject, and Redis removes the count', async () => {
    await make(Date.now).begin('forgotten', 'li.ming', rule)
    const keys = await stores.redis.keys(`${stores.keyPrefix}*`)
    expect(keys.filter((key) => key.includes('li.ming'))).toEqual([])
    const [key = ''] = keys.filter((name) => name.includes('forgotten'))
    expect(await stores.redis.pttl(key)).toBeGreaterThan(0)
    expect(await stores.redis.pttl(key)).toBeLessThanOrEqual(900_000)
  })

  test('the count is kept through the wait and the quiet window after it', async () => {
    for (let n = 0; n < 5; n += 1) await make(Date.now).begin('kept', 'li.ming', rule)
    const [key = ''] = await stores.redis.keys(`${stores.keyPrefix}tries:kept:*`)
    expect(await stores.redis.pttl(key)).toBeGreaterThan(900_000)
    expect(await stores.redis.pttl(key)).toBeLessThanOrEqual(960_000)
  })
})
