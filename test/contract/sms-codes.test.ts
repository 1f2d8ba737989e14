import { randomUUID } from 'node:crypto'
import { smsCodesRedis } from '../../src/adapters/redis/sms-codes-redis.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { SmsCodeBinding, SmsCodes } from '../../src/ports/sms-codes.ts'
import { testClock } from '../support/clock.ts'
import { leaksIn } from '../support/leak-search.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

/** A code that was stored as sent. */
async function issued(codes: SmsCodes, to: SmsCodeBinding): Promise<string> {
  const code = codes.draw()
  await codes.store(to, code)
  return code
}

const newPurpose = (): SmsCodeBinding => ({
  flow: randomUUID(),
  purpose: 'registration',
  phone: '+8613800000000',
})
const otherCode = (code: string) => (code === '000000' ? '000001' : '000000')
const twentyConcurrently = <T>(ask: () => Promise<T>) =>
  Promise.all(Array.from({ length: 20 }, ask))

/** The contract of every `SmsCodes`; each call of `make` stands for one more process on the same store. */
function smsCodesContract(make: (clock: Clock) => SmsCodes) {
  test('a code has six random digits', async () => {
    const codes = await twentyConcurrently(() => issued(make(Date.now), newPurpose()))
    for (const code of codes) expect(code).toMatch(/^\d{6}$/)
    expect(new Set(codes).size).toBeGreaterThan(15)
  })

  test('a right code stays valid until it is used, and checking it consumes no try', async () => {
    const codes = make(Date.now)
    const to = newPurpose()
    const code = await issued(codes, to)
    for (let look = 0; look < 10; look += 1) expect(await codes.check(to, code)).toBe('right')
    expect(await codes.use(to)).toBe(true)
    expect(await codes.check(to, code)).toBe('expired')
    expect(await codes.use(to)).toBe(false)
  })

  test('after five wrong codes the sixth is refused even if it is right', async () => {
    const codes = make(Date.now)
    const to = newPurpose()
    const code = await issued(codes, to)
    for (let n = 0; n < 4; n += 1) expect(await codes.check(to, otherCode(code))).toBe('wrong')
    expect(await codes.check(to, otherCode(code))).toBe('spent')
    expect(await codes.check(to, code)).toBe('spent')
    expect(await codes.use(to)).toBe(false)
  })

  test('20 concurrent wrong codes consume the five tries of a code', async () => {
    const to = newPurpose()
    const code = await issued(make(Date.now), to)
    const verdicts = await twentyConcurrently(() => make(Date.now).check(to, otherCode(code)))
    expect(verdicts.filter((verdict) => verdict === 'wrong')).toHaveLength(4)
    expect(verdicts.filter((verdict) => verdict === 'spent')).toHaveLength(16)
    expect(await make(Date.now).check(to, code)).toBe('spent')
  })

  test('countWrong consumes a try of the code', async () => {
    const codes = make(Date.now)
    const to = newPurpose()
    const code = await issued(codes, to)
    for (let n = 0; n < 4; n += 1) expect(await codes.countWrong(to)).toBe('wrong')
    expect(await codes.check(to, code)).toBe('right')
    expect(await codes.countWrong(to)).toBe('spent')
    expect(await codes.check(to, code)).toBe('spent')
  })

  test('countWrong without a code has no effect on a later code', async () => {
    const codes = make(Date.now)
    const to = newPurpose()
    expect(await codes.countWrong(to)).toBe('expired')
    expect(await codes.check(to, '000000')).toBe('expired')
    const code = await issued(codes, to)
    for (let n = 0; n < 4; n += 1) await codes.countWrong(to)
    expect(await codes.check(to, code)).toBe('right')
  })

  test('one of 20 concurrent uses of a code succeeds', async () => {
    const to = newPurpose()
    await issued(make(Date.now), to)
    const passed = await twentyConcurrently(() => make(Date.now).use(to))
    expect(passed.filter(Boolean)).toHaveLength(1)
  })

  test.each<[string, Partial<SmsCodeBinding>]>([
    ['flow', { flow: 'another' }],
    ['purpose', { purpose: 'phone-change' }],
    ['phone', { phone: '+8613900000000' }],
  ])('a code is unknown for another %s, where tries do not count against it', async (_, other) => {
    const codes = make(Date.now)
    const to = newPurpose()
    const code = await issued(codes, to)
    const otherPurpose = { ...to, ...other }
    for (let n = 0; n < 6; n += 1) {
      expect(await codes.check(otherPurpose, code)).toBe('expired')
      await codes.countWrong(otherPurpose)
    }
    expect(await codes.use(otherPurpose)).toBe(false)
    expect(await codes.check(to, code)).toBe('right')
  })

  test('a code expires after five minutes', async () => {
    const { clock, turn } = testClock()
    const codes = make(clock)
    const to = newPurpose()
    const code = await issued(codes, to)
    turn(299.999)
    expect(await codes.check(to, code)).toBe('right')
    turn(0.001)
    expect(await codes.check(to, code)).toBe('expired')
    expect(await codes.use(to)).toBe(false)
  })

  test('a wrong try does not prolong the lifetime of a code', async () => {
    const { clock, turn } = testClock()
    const codes = make(clock)
    const to = newPurpose()
    const code = await issued(codes, to)
    turn(200)
    expect(await codes.check(to, otherCode(code))).toBe('wrong')
    turn(100)
    expect(await codes.check(to, code)).toBe('expired')
  })

  test('openUntil returns the expiry of a code with tries left, for its phone only', async () => {
    const { clock, turn } = testClock()
    const codes = make(clock)
    const to = newPurpose()
    expect(await codes.validUntil(to)).toBeUndefined()
    await issued(codes, to)
    const until = clock() + 300_000
    expect(await codes.validUntil(to)).toBe(until)
    expect(await codes.validUntil({ ...to, phone: '+8613900000000' })).toBeUndefined()
    for (let n = 0; n < 4; n += 1) await codes.countWrong(to)
    expect(await codes.validUntil(to)).toBe(until)
    await codes.countWrong(to)
    expect(await codes.validUntil(to)).toBeUndefined()
    await issued(codes, to)
    turn(300)
    expect(await codes.validUntil(to)).toBeUndefined()
  })

  test.each([
    ['the same phone', '+8613800000000'],
    ['another phone', '+8613900000000'],
  ])('a new code to %s replaces the old one and has its own five tries', async (_, phone) => {
    const codes = make(Date.now)
    const to = newPurpose()
    const old = await issued(codes, to)
    for (let n = 0; n < 5; n += 1) await codes.countWrong(to)
    let code = await issued(codes, { ...to, phone })
    while (code === old) code = await issued(codes, { ...to, phone })
    expect(await codes.check({ ...to, phone }, code)).toBe('right')
    expect(await codes.check(to, old)).toBe(phone === to.phone ? 'wrong' : 'expired')
    expect(await codes.check({ ...to, phone }, code)).toBe('right')
  })
}

describe('SMS codes in Redis', () => {
  let stores: TestStores
  const encryption = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  const make = (clock: Clock) =>
    smsCodesRedis({
      redis: stores.redis,
      keyPrefix: stores.keyPrefix,
      encryption,
      clock,
      policy: { digits: 6, lifetime: 300, tries: 5 },
    })
  smsCodesContract(make)

  test('neither code nor phone is stored in clear text, and Redis removes them', async () => {
    const to = newPurpose()
    const code = await issued(make(Date.now), to)
    const key = `${stores.keyPrefix}sms-code:registration:${to.flow}`
    const { until: _, ...stored } = await stores.redis.hgetall(key)
    expect(Object.keys(stored).sort()).toEqual(['code', 'phone', 'wrong'])
    expect(leaksIn(JSON.stringify(stored), { code, phone: '13800000000' })).toEqual([])
    const left = await stores.redis.pttl(key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(300_000)
  })

  test('a record that is copied to another flow does not match there', async () => {
    const [own, other] = [newPurpose(), newPurpose()]
    const code = await issued(make(Date.now), own)
    const keyOf = ({ flow }: SmsCodeBinding) => `${stores.keyPrefix}sms-code:registration:${flow}`
    const { redis } = stores
    await redis.restore(keyOf(other), 60_000, await redis.dumpBuffer(keyOf(own)))
    expect(await make(Date.now).check(other, code)).toBe('wrong')
  })
})
