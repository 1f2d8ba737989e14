import { randomUUID } from 'node:crypto'
import { smsCodesRedis } from '../../src/adapters/redis/sms-codes-redis.ts'
import type { Clock } from '../../src/ports/clock.ts'
import type { SmsCodePurpose, SmsCodes } from '../../src/ports/sms-codes.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

/** A code that has reached its phone. */
async function issued(codes: SmsCodes, to: SmsCodePurpose): Promise<string> {
  const code = codes.draw()
  await codes.keep(to, code)
  return code
}

const somewhere = (): SmsCodePurpose => ({
  flow: randomUUID(),
  purpose: 'registration',
  phone: '+8613800000000',
})
const not = (code: string) => (code === '000000' ? '000001' : '000000')
const twenty = <T>(ask: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, ask))

/** What every `SmsCodes` keeps; `make` gives one more process on the same store. */
function smsCodesContract(make: (clock: Clock) => SmsCodes) {
  test('a code is six digits, and not the same again and again', async () => {
    const codes = await twenty(() => issued(make(Date.now), somewhere()))
    for (const code of codes) expect(code).toMatch(/^\d{6}$/)
    expect(new Set(codes).size).toBeGreaterThan(15)
  })

  test('a right code stays good until its use, and looking costs no try', async () => {
    const codes = make(Date.now)
    const to = somewhere()
    const code = await issued(codes, to)
    for (let look = 0; look < 10; look += 1) expect(await codes.check(to, code)).toBe('right')
    expect(await codes.use(to)).toBe(true)
    expect(await codes.check(to, code)).toBe('expired')
    expect(await codes.use(to)).toBe(false)
  })

  test('after five wrong ones the sixth try is not looked at', async () => {
    const codes = make(Date.now)
    const to = somewhere()
    const code = await issued(codes, to)
    for (let n = 0; n < 4; n += 1) expect(await codes.check(to, not(code))).toBe('wrong')
    expect(await codes.check(to, not(code))).toBe('spent')
    expect(await codes.check(to, code)).toBe('spent')
    expect(await codes.use(to)).toBe(false)
  })

  test('nor is it when twenty wrong ones come at once', async () => {
    const to = somewhere()
    const code = await issued(make(Date.now), to)
    const verdicts = await twenty(() => make(Date.now).check(to, not(code)))
    expect(verdicts.filter((verdict) => verdict === 'wrong')).toHaveLength(4)
    expect(verdicts.filter((verdict) => verdict === 'spent')).toHaveLength(16)
    expect(await make(Date.now).check(to, code)).toBe('spent')
  })

  test('a wrong answer of another kind costs a try as well', async () => {
    const codes = make(Date.now)
    const to = somewhere()
    const code = await issued(codes, to)
    for (let n = 0; n < 4; n += 1) expect(await codes.countWrong(to)).toBe('wrong')
    expect(await codes.check(to, code)).toBe('right')
    expect(await codes.countWrong(to)).toBe('spent')
    expect(await codes.check(to, code)).toBe('spent')
  })

  test('counting a wrong one where no code is makes none', async () => {
    const codes = make(Date.now)
    const to = somewhere()
    expect(await codes.countWrong(to)).toBe('expired')
    expect(await codes.check(to, '000000')).toBe('expired')
    const code = await issued(codes, to)
    for (let n = 0; n < 4; n += 1) await codes.countWrong(to)
    expect(await codes.check(to, code)).toBe('right')
  })

  test('of twenty who use it at once one passes', async () => {
    const to = somewhere()
    await issued(make(Date.now), to)
    const passed = await twenty(() => make(Date.now).use(to))
    expect(passed.filter(Boolean)).toHaveLength(1)
  })

  test.each<[string, Partial<SmsCodePurpose>]>([
    ['flow', { flow: 'another' }],
    ['purpose', { purpose: 'phone-change' }],
    ['phone', { phone: '+8613900000000' }],
  ])(
    'it is worth nothing for another %s, and trying it there costs nothing here',
    async (_, other) => {
      const codes = make(Date.now)
      const to = somewhere()
      const code = await issued(codes, to)
      const elsewhere = { ...to, ...other }
      for (let n = 0; n < 6; n += 1) {
        expect(await codes.check(elsewhere, code)).toBe('expired')
        await codes.countWrong(elsewhere)
      }
      expect(await codes.use(elsewhere)).toBe(false)
      expect(await codes.check(to, code)).toBe('right')
    },
  )

  test('it lives five minutes', async () => {
    const { clock, turn } = testClock()
    const codes = make(clock)
    const to = somewhere()
    const code = await issued(codes, to)
    turn(299.999)
    expect(await codes.check(to, code)).toBe('right')
    turn(0.001)
    expect(await codes.check(to, code)).toBe('expired')
    expect(await codes.use(to)).toBe(false)
  })

  test('a wrong try does not prolong it', async () => {
    const { clock, turn } = testClock()
    const codes = make(clock)
    const to = somewhere()
    const code = await issued(codes, to)
    turn(200)
    expect(await codes.check(to, not(code))).toBe('wrong')
    turn(100)
    expect(await codes.check(to, code)).toBe('expired')
  })

  test('until when it can be typed is known while it has tries and time, to its phone alone', async () => {
    const { clock, turn } = testClock()
    const codes = make(clock)
    const to = somewhere()
    expect(await codes.openUntil(to)).toBeUndefined()
    await issued(codes, to)
    const until = clock() + 300_000
    expect(await codes.openUntil(to)).toBe(until)
    expect(await codes.openUntil({ ...to, phone: '+8613900000000' })).toBeUndefined()
    for (let n = 0; n < 4; n += 1) await codes.countWrong(to)
    expect(await codes.openUntil(to)).toBe(until)
    await codes.countWrong(to)
    expect(await codes.openUntil(to)).toBeUndefined()
    await issued(codes, to)
    turn(300)
    expect(await codes.openUntil(to)).toBeUndefined()
  })

  test.each([
    ['the same phone', '+8613800000000'],
    ['another phone', '+8613900000000'],
  ])('a new code to %s voids the old one and has five tries of its own', async (_, phone) => {
    const codes = make(Date.now)
    const to = somewhere()
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
  const sealing = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  const make = (clock: Clock) =>
    smsCodesRedis({
      redis: stores.redis,
      keyPrefix: stores.keyPrefix,
      sealing,
      clock,
      policy: { digits: 6, lifetime: 300, tries: 5 },
    })
  smsCodesContract(make)

  test('neither code nor phone is stored in clear, and the store forgets them', async () => {
    const to = somewhere()
    const code = await issued(make(Date.now), to)
    const key = `${stores.keyPrefix}sms-code:registration:${to.flow}`
    const { until: _, ...kept } = await stores.redis.hgetall(key)
    expect(Object.keys(kept).sort()).toEqual(['code', 'phone', 'wrong'])
    expect(JSON.stringify(kept)).not.toContain(code)
    expect(JSON.stringify(kept)).not.toContain('13800000000')
    const left = await stores.redis.pttl(key)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(300_000)
  })

  test('a record that was moved to another flow proves nothing there', async () => {
    const [mine, other] = [somewhere(), somewhere()]
    const code = await issued(make(Date.now), mine)
    const keyOf = ({ flow }: SmsCodePurpose) => `${stores.keyPrefix}sms-code:registration:${flow}`
    await stores.redis.copy(keyOf(mine), keyOf(other))
    expect(await make(Date.now).check(other, code)).toBe('wrong')
  })
})
