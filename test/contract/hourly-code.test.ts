import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { limitsRedis } from '../../src/adapters/redis/limits-redis.ts'
import type { Visitor } from '../../src/people/visitor.ts'
import type { Limits } from '../../src/ports/limits.ts'
import { takeCode } from '../../src/proofs/take-code.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const policy = policyOf()
const phone = '+8613800000000'
let stores: TestStores
let limits: Limits
let turn: (seconds: number) => void

/** Ten strangers use up the codes of the phone. */
beforeEach(async () => {
  stores = await testStores()
  const { clock, ...time } = testClock()
  turn = time.turn
  const { redis, keyPrefix } = stores
  limits = limitsRedis({ redis, keyPrefix, encryption: testEncryption(), clock })
  for (let n = 0; n < 10; n += 1) {
    expect(await take()).toMatchObject({ by: 'phone' })
    turn(60)
  }
})
afterEach(() => stores.close())

let visitors = 0
const visitor = (hardestCaptcha: boolean): Visitor => {
  visitors += 1
  return {
    address: `198.51.${visitors}.1`,
    browser: `browser ${visitors}`,
    locale: 'zh-CN',
    ...{ freshCaptcha: hardestCaptcha, hardestCaptcha },
    isRemembered: () => false,
  }
}

const take = (hardestCaptcha = false, of = limits) => {
  const who = visitor(hardestCaptcha)
  const to = { flow: who.browser, purpose: 'registration', phone }
  return takeCode(to, who, [], { limits: of, policy })
}

const asksCaptcha = { code: 'captcha.hardest', notes: [{ code: 'smsCode.hourly' }] }
const saysWhen = (retryAfter: number) => ({ code: 'limit.hourly', status: 429, retryAfter })

test('a phone without codes gets one an hour, for a captcha of the hardest level', async () => {
  expect(await take()).toMatchObject(asksCaptcha)
  expect(await take(true)).toMatchObject({ by: 'hourly' })
  turn(600)
  for (const hardest of [false, true]) expect(await take(hardest)).toMatchObject(saysWhen(3000))
  turn(3000)
  expect(await take()).toMatchObject(asksCaptcha)
  expect(await take(true)).toMatchObject({ by: 'hourly' })
})

test('of concurrent requests with the captcha one gets the code', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => take(true)))
  expect(all.filter((taken) => 'by' in taken)).toHaveLength(1)
})

test('a code that is given back during a request without the captcha is not taken by that request', async () => {
  const first = await take(true)
  if (!('by' in first)) throw new Error('the first request was refused')
  /** The gateway rejects the message of the first request just after another one has read its counter. */
  const during: Limits = {
    ...limits,
    async left(allowances) {
      const left = await limits.left(allowances)
      if (allowances.some(({ name }) => name === 'sms.hourly')) await first.giveBack()
      return left
    },
  }
  expect(await take(false, during)).toMatchObject(saysWhen(3600))
  expect(await take(true)).toMatchObject({ by: 'hourly' })
})
