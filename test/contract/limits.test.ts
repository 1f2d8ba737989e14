import { randomUUID } from 'node:crypto'
import { limitsRedis } from '../../src/adapters/redis/limits-redis.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { Allowance, Limits, Taken } from '../../src/ports/limits.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const five = (name = 'sms.phone'): Allowance => ({
  name,
  subject: randomUUID(),
  count: 5,
  window: 3600,
})
const times = (n: number, ask: () => Promise<Taken>) => Promise.all(Array.from({ length: n }, ask))
const taken = (answers: readonly Taken[]) => answers.filter(({ ok }) => ok).length

/** What every `Limits` keeps; `make` gives one more process on the same store. */
function limitsContract(make: (clock: Clock) => Limits) {
  test('so many and no more, with the seconds until the next', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const phone = five()
    expect(await limits.counted(phone)).toBe(0)
    for (let n = 1; n <= 5; n += 1) {
      expect(await limits.take([phone])).toMatchObject({ ok: true })
      expect(await limits.counted(phone)).toBe(n)
    }
    turn(10.5)
    expect(await limits.take([phone])).toEqual({ ok: false, name: 'sms.phone', retryAfter: 3590 })
    expect(await limits.counted(phone)).toBe(5)
  })

  test('the window begins with the first and is not prolonged by later ones', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const phone = five()
    await limits.take([phone])
    turn(3599)
    for (let n = 0; n < 4; n += 1) await limits.take([phone])
    expect(await limits.take([phone])).toMatchObject({ ok: false, retryAfter: 1 })
    turn(1)
    expect(await limits.counted(phone)).toBe(0)
    expect(await limits.take([phone])).toMatchObject({ ok: true })
    expect(await limits.counted(phone)).toBe(1)
  })

  test('a window may be less than a second, and ends', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const pause = { ...five('sms.pause'), count: 1, window: 0.06 }
    await limits.take([pause])
    expect(await limits.take([pause])).toMatchObject({ ok: false, retryAfter: 1 })
    turn(0.06)
    expect(await limits.take([pause])).toMatchObject({ ok: true })
  })

  test('fifty at once on five: five', async () => {
    const phone = five()
    expect(taken(await times(50, () => make(Date.now).take([phone])))).toBe(5)
    expect(await make(Date.now).counted(phone)).toBe(5)
  })

  test('name and subject make a count of its own', async () => {
    const limits = make(Date.now)
    const phone = five()
    await times(5, () => limits.take([phone]))
    for (const other of [
      { ...phone, name: 'sms.address' },
      { ...phone, subject: 'another' },
    ])
      expect(await limits.take([other])).toMatchObject({ ok: true })
  })

  test('of several all are counted, or none', async () => {
    const limits = make(Date.now)
    const [phone, address] = [five(), five('sms.address')]
    await times(5, () => limits.take([phone]))
    for (const order of [
      [phone, address],
      [address, phone],
    ])
      expect(await limits.take(order)).toMatchObject({ ok: false, name: 'sms.phone' })
    expect(await limits.counted(address)).toBe(0)
    expect(await limits.take([address])).toMatchObject({ ok: true })
  })

  test('also when fifty come at once', async () => {
    const wide = { ...five('sms.address'), count: 100 }
    const phones = [five(), five(), five()]
    const asks = phones.map((phone) => times(50, () => make(Date.now).take([wide, phone])))
    expect(taken((await Promise.all(asks)).flat())).toBe(15)
    expect(await make(Date.now).counted(wide)).toBe(15)
  })

  test('what each has left is told, and until when, without counting', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const [phone, card] = [five(), { ...five('bank.card'), count: 2 }]
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

  test('of two that are used up the one that holds longer is named', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const pause = { ...five('sms.pause'), count: 1, window: 60 }
    const day = { ...five('sms.phone'), count: 1, window: 86_400 }
    await limits.take([pause, day])
    for (const order of [
      [pause, day],
      [day, pause],
    ])
      expect(await limits.take(order)).toEqual({ ok: false, name: 'sms.phone', retryAfter: 86_400 })
    turn(60)
    expect(await limits.take([pause])).toMatchObject({ ok: true })
  })

  test('what is given back was never counted, however often it is said', async () => {
    const limits = make(Date.now)
    const [phone, address] = [five(), five('sms.address')]
    const answers = await times(5, () => limits.take([phone, address]))
    const [first] = answers
    if (!first?.ok) throw new Error('the first was not taken')
    await Promise.all([first.giveBack(), first.giveBack()])
    await first.giveBack()
    expect([await limits.counted(phone), await limits.counted(address)]).toEqual([4, 4])
    expect(taken(await times(10, () => limits.take([phone, address])))).toBe(1)
  })

  test('given back after its window it takes nothing from the next', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const phone = five()
    const late = await limits.take([phone])
    turn(3600)
    expect(taken(await times(10, () => limits.take([phone])))).toBe(5)
    if (late.ok) await late.giveBack()
    expect(await limits.take([phone])).toMatchObject({ ok: false })
  })

  test('one that was given back began no window', async () => {
    const { clock, turn } = testClock()
    const limits = make(clock)
    const phone = five()
    const first = await limits.take([phone])
    if (first.ok) await first.giveBack()
    turn(3599)
    await times(5, () => limits.take([phone]))
    turn(1)
    expect(await limits.take([phone])).toMatchObject({ ok: false, retryAfter: 3599 })
  })

  test('an allowance of none is never given', async () => {
    const none = { ...five(), count: 0 }
    expect(await make(Date.now).take([none])).toMatchObject({ ok: false, retryAfter: 3600 })
  })
}

describe('limits in Redis', () => {
  let stores: TestStores
  const sealing = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  const make = (clock: Clock) =>
    limitsRedis({ redis: stores.redis, keyPrefix: stores.keyPrefix, sealing, clock })
  limitsContract(make)

  test('no key tells whose it is, and all of one step are in one slot', async () => {
    const redis = stores.redis
    const subject = '+8613800000000'
    await make(Date.now).take([
      { ...five(), subject },
      { ...five('bank.card'), subject },
    ])
    const keys = await redis.keys(`${stores.keyPrefix}*`)
    expect(keys.filter((key) => key.includes('13800000000'))).toEqual([])
    for (const key of keys) expect(key).toContain('{limits}')
  })

  test('the same subject under two names can not be matched by key', async () => {
    const subject = randomUUID()
    await make(Date.now).take([
      { ...five('first'), subject },
      { ...five('second'), subject },
    ])
    const digestOf = async (name: string) =>
      (await stores.redis.keys(`${stores.keyPrefix}{limits}:${name}:*`))[0]?.split(':').at(-1)
    expect(await digestOf('first')).not.toBe(await digestOf('second'))
  })

  test('the store forgets a count with its window', async () => {
    const phone = five('forgotten')
    await make(Date.now).take([phone])
    const [key = ''] = await stores.redis.keys(`${stores.keyPrefix}{limits}:forgotten:*`)
    const left = await stores.redis.pttl(key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(3_600_000)
  })
})
