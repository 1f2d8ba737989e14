import { randomUUID } from 'node:crypto'
import { until } from '../../sandbox/ports.mjs'
import { limitsPerRequest } from '../../src/adapters/redis/limits-per-request.ts'
import { limitsRedis } from '../../src/adapters/redis/limits-redis.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Allowance, Limits, Taken } from '../../src/ports/limits.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const allowanceOfFive = (name = 'sms.phone'): Allowance => ({
  name,
  subject: randomUUID(),
  count: 5,
  window: 3600,
})
const concurrently = (n: number, ask: () => Promise<Taken>) =>
  Promise.all(Array.from({ length: n }, ask))
const countTaken = (answers: readonly Taken[]) => answers.filter(({ ok }) => ok).length

/** The contract of every `Limits`; each call of `make` stands for one more process on the same store. */
function limitsContract(make: (clock: Clock) => Limits) {
  test('an allowance is granted as often as its count, and a refusal tells the seconds until the next', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const phone = allowanceOfFive()
    expect(await limits.counted(phone)).toBe(0)
    for (let n = 1; n <= 5; n += 1) {
      expect(await limits.take([phone])).toMatchObject({ ok: true })
      expect(await limits.counted(phone)).toBe(n)
    }
    turn(10.5)
    expect(await limits.take([phone])).toEqual({ ok: false, name: 'sms.phone', retryAfter: 3590 })
    expect(await limits.counted(phone)).toBe(5)
  })

  test('the window begins with the first attempt and is not prolonged by later ones', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const phone = allowanceOfFive()
    await limits.take([phone])
    turn(3599)
    for (let n = 0; n < 4; n += 1) await limits.take([phone])
    expect(await limits.take([phone])).toMatchObject({ ok: false, retryAfter: 1 })
    turn(1)
    expect(await limits.counted(phone)).toBe(0)
    expect(await limits.take([phone])).toMatchObject({ ok: true })
    expect(await limits.counted(phone)).toBe(1)
  })

  test('an attempt may count more than one, and is refused if its amount exceeds what is left', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const bytes = (amount: number, other?: Allowance) => [
      { ...allowanceOf, amount },
      ...(other ? [other] : []),
    ]
    const allowanceOf = { ...allowanceOfFive('issued.address'), count: 1000 }
    const first = await limits.take(bytes(600))
    expect(await limits.take(bytes(401))).toMatchObject({ ok: false, retryAfter: 3600 })
    expect(await limits.take(bytes(400))).toMatchObject({ ok: true })
    expect(await limits.take(bytes(1))).toMatchObject({ ok: false })
    const spent = { ...allowanceOfFive(), count: 0 }
    if (first.ok) await first.giveBack()
    expect(await limits.counted(allowanceOf)).toBe(400)
    // Refused for another subject's sake, it counts nothing.
    expect(await limits.take(bytes(100, spent))).toMatchObject({ ok: false })
    expect(await limits.counted(allowanceOf)).toBe(400)
    turn(3600)
    expect(await limits.take(bytes(1000))).toMatchObject({ ok: true })
  })

  test('a window may be shorter than a second', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const pause = { ...allowanceOfFive('sms.pause'), count: 1, window: 0.06 }
    await limits.take([pause])
    expect(await limits.take([pause])).toMatchObject({ ok: false, retryAfter: 1 })
    turn(0.06)
    expect(await limits.take([pause])).toMatchObject({ ok: true })
  })

  test('a window that a process with a clock an hour ahead has begun does not last an hour longer', async () => {
    const { clock, turn } = testClock()
    const [limits, ahead] = [make(clock), make(() => clock() + 3_600_000)]
    const pause = { ...allowanceOfFive('sms.pause'), count: 1, window: 60 }
    expect(await ahead.take([pause])).toMatchObject({ ok: true })
    expect(await limits.left([pause])).toEqual([{ name: 'sms.pause', left: 1, retryAfter: 0 }])
    expect(await limits.take([pause])).toMatchObject({ ok: true })
    expect(await limits.take([pause])).toEqual({ ok: false, name: 'sms.pause', retryAfter: 60 })
    turn(60)
    expect(await limits.take([pause])).toMatchObject({ ok: true })
  })

  test('50 concurrent attempts consume at most 5 allowances', async () => {
    const phone = allowanceOfFive()
    expect(countTaken(await concurrently(50, () => make(Date.now).take([phone])))).toBe(5)
    expect(await make(Date.now).counted(phone)).toBe(5)
  })

  test('each pair of name and subject has its own count', async () => {
    const limits = make(Date.now)
    const phone = allowanceOfFive()
    await concurrently(5, () => limits.take([phone]))
    for (const other of [
      { ...phone, name: 'sms.address' },
      { ...phone, subject: 'another' },
    ])
      expect(await limits.take([other])).toMatchObject({ ok: true })
  })

  test('several allowances are counted together or not at all', async () => {
    const limits = make(Date.now)
    const [phone, address] = [allowanceOfFive(), allowanceOfFive('sms.address')]
    await concurrently(5, () => limits.take([phone]))
    for (const order of [
      [phone, address],
      [address, phone],
    ])
      expect(await limits.take(order)).toMatchObject({ ok: false, name: 'sms.phone' })
    expect(await limits.counted(address)).toBe(0)
    expect(await limits.take([address])).toMatchObject({ ok: true })
  })

  test('several allowances are counted together or not at all by 50 concurrent attempts', async () => {
    const wide = { ...allowanceOfFive('sms.address'), count: 100 }
    const phones = [allowanceOfFive(), allowanceOfFive(), allowanceOfFive()]
    const asks = phones.map((phone) => concurrently(50, () => make(Date.now).take([wide, phone])))
    expect(countTaken((await Promise.all(asks)).flat())).toBe(15)
    expect(await make(Date.now).counted(wide)).toBe(15)
  })

  test('the rest of each allowance and its end can be read without counting', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const [phone, card] = [allowanceOfFive(), { ...allowanceOfFive('bank.card'), count: 2 }]
    expect(await limits.left([phone])).toEqual([{ name: 'sms.phone', left: 5, retryAfter: 0 }])
    await limits.take([phone, card])
    turn(600)
    await limits.take([phone, card])
    for (let looks = 0; looks < 3; looks += 1)
      expect(await limits.left([phone, card])).toEqual([
        { name: 'sms.phone', left: 3, retryAfter: 3000 },
        { name: 'bank.card', left: 0, retryAfter: 3000 },
      ])
    turn(3000)
    expect(await limits.left([card])).toEqual([{ name: 'bank.card', left: 2, retryAfter: 0 }])
  })

  test('the exhausted allowance with the longest wait is named', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const pause = { ...allowanceOfFive('sms.pause'), count: 1, window: 60 }
    const day = { ...allowanceOfFive('sms.phone'), count: 1, window: 86_400 }
    await limits.take([pause, day])
    for (const order of [
      [pause, day],
      [day, pause],
    ])
      expect(await limits.take(order)).toEqual({ ok: false, name: 'sms.phone', retryAfter: 86_400 })
    turn(60)
    expect(await limits.take([pause])).toMatchObject({ ok: true })
  })

  test('an allowance that is given back, even repeatedly, is not counted', async () => {
    const limits = make(Date.now)
    const [phone, address] = [allowanceOfFive(), allowanceOfFive('sms.address')]
    const answers = await concurrently(5, () => limits.take([phone, address]))
    const [first] = answers
    if (!first?.ok) throw new Error('the first was not taken')
    await Promise.all([first.giveBack(), first.giveBack()])
    await first.giveBack()
    expect([await limits.counted(phone), await limits.counted(address)]).toEqual([4, 4])
    expect(countTaken(await concurrently(10, () => limits.take([phone, address])))).toBe(1)
  })

  test('giving an allowance back after its window does not change the next window', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const phone = allowanceOfFive()
    const late = await limits.take([phone])
    turn(3600)
    expect(countTaken(await concurrently(10, () => limits.take([phone])))).toBe(5)
    if (late.ok) await late.giveBack()
    expect(await limits.take([phone])).toMatchObject({ ok: false })
  })

  test('an allowance that was given back does not start a window', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const phone = allowanceOfFive()
    const first = await limits.take([phone])
    if (first.ok) await first.giveBack()
    turn(3599)
    await concurrently(5, () => limits.take([phone]))
    turn(1)
    expect(await limits.take([phone])).toMatchObject({ ok: false, retryAfter: 3599 })
  })

  test('an allowance with count 0 is always refused', async () => {
    const none = { ...allowanceOfFive(), count: 0 }
    expect(await make(Date.now).take([none])).toMatchObject({ ok: false, retryAfter: 3600 })
  })
}

describe('limits in Redis', () => {
  let stores: TestStores
  const encryption = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  const make = (clock: Clock) =>
    limitsRedis({ redis: stores.redis, keyPrefix: stores.keyPrefix, encryption, clock })
  limitsContract(make)

  test('no key contains the subject', async () => {
    const redis = stores.redis
    const subject = '+8613800000000'
    await make(Date.now).take([
      { ...allowanceOfFive(), subject },
      { ...allowanceOfFive('bank.card'), subject },
    ])
    const keys = await redis.keys(`${stores.keyPrefix}*`)
    expect(keys.filter((key) => key.includes('13800000000'))).toEqual([])
  })

  test('the counters of one subject share a hash tag, and those of many subjects are spread', async () => {
    const limits = make(Date.now)
    const names = ['first.slot', 'second.slot']
    const tagsOf = async (name: string) =>
      (await stores.redis.keys(`${stores.keyPrefix}limits:*:${name}:*`)).map(
        (key) => /\{.*\}/.exec(key)?.[0],
      )
    const subject = randomUUID()
    await limits.take(names.map((name) => ({ ...allowanceOfFive(name), subject })))
    expect(await tagsOf('first.slot')).toEqual(await tagsOf('second.slot'))
    await Promise.all(
      Array.from({ length: 50 }, () => limits.take([allowanceOfFive('spread.slot')])),
    )
    expect(new Set(await tagsOf('spread.slot')).size).toBeGreaterThan(10)
  })

  test('the keys of one subject under two names can not be linked', async () => {
    const subject = randomUUID()
    await make(Date.now).take([
      { ...allowanceOfFive('first'), subject },
      { ...allowanceOfFive('second'), subject },
    ])
    const digestOf = async (name: string) =>
      (await stores.redis.keys(`${stores.keyPrefix}limits:*:${name}:*`))[0]?.split(':').at(-1)
    expect(await digestOf('first')).not.toBe(await digestOf('second'))
  })

  test('what a request took is given back unless the request was served', async () => {
    const limits = limitsPerRequest(make(Date.now))
    const [phone, card] = [allowanceOfFive(), allowanceOfFive('bank.card')]
    const request = (served: boolean) =>
      limits.during(async () => {
        await limits.take([phone, card])
        await limits.take([phone])
        return { served }
      })
    await request(true)
    await request(false)
    const counts = async () => [await limits.counted(phone), await limits.counted(card)].join()
    // The answer of a request does not wait for it.
    await until(async () => (await counts()) === '2,1', { seconds: 60, what: 'the count' })
  })

  test('Redis removes a count at the end of its window', async () => {
    const phone = allowanceOfFive('forgotten')
    await make(Date.now).take([phone])
    const [key = ''] = await stores.redis.keys(`${stores.keyPrefix}limits:*:forgotten:*`)
    const left = await stores.redis.pttl(key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(3_600_000)
  })
})
