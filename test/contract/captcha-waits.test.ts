import { policy as policyOf } from '../../config/limits-and-lifetimes.ts'
import { captchaAnswersRedis } from '../../src/adapters/captcha/captcha-answers-redis.ts'
import { captchasRedis } from '../../src/adapters/captcha/captchas-redis.ts'
import { triesRedis } from '../../src/adapters/redis/tries-redis.ts'
import type { CaptchaPage } from '../../src/proofs/captcha-risk.ts'
import { countRefusedSecret } from '../../src/proofs/captcha-risk.ts'
import { type CaptchaPorts, checkCaptcha, issueCaptcha } from '../../src/proofs/check-captcha.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const answer = '350729'
const policy = policyOf()
const { clock, turn } = testClock()
let stores: TestStores
let ports: CaptchaPorts
beforeEach(async () => {
  stores = await testStores()
  const { redis, keyPrefix } = stores
  const store = { redis, keyPrefix, encryption: testEncryption(), clock }
  const captchas = captchasRedis({ ...store, ...policy.captcha, fixedAnswer: answer })
  ports = {
    ...{ captchas, policy },
    captchaAnswers: captchaAnswersRedis(store),
    tries: triesRedis(store),
  }
})
afterEach(() => stores.close())

const at = (address: string, more: Partial<CaptchaPage> = {}): CaptchaPage => ({
  ...{ purpose: 'a page', address },
  ...more,
})

/** Answers a new captcha of the page. Returns its level, `wrong`, or the seconds to wait. */
async function answerAt(page: CaptchaPage, captcha: string) {
  const { id } = await issueCaptcha(page, ports)
  const checked = await checkCaptcha(id, { captcha, captcha2: captcha }, page, ports)
  if ('level' in checked) return checked.level
  return checked.retryAfter ?? checked.code
}
async function answerWrongly(times: number, page: (each: number) => CaptchaPage) {
  const all: unknown[] = []
  for (let each = 0; each < times; each += 1) all.push(await answerAt(page(each), '222222'))
  return all
}
const wrong = 'captcha.wrong'

test('an address gets three thousand captchas in five minutes, and others get theirs', async () => {
  const page = at('198.51.100.2')
  for (let each = 0; each < 30; each += 1)
    await Promise.all(Array.from({ length: 100 }, () => issueCaptcha(page, ports)))
  await expect(issueCaptcha(page, ports)).rejects.toMatchObject({ status: 429, retryAfter: 60 })
  expect(await issueCaptcha(at('198.51.100.3'), ports)).toMatchObject({ level: 'gentle' })
  turn(60)
  expect(await issueCaptcha(page, ports)).toMatchObject({ level: 'gentle' })
})

test('ten wrong answers of an address make it wait 2, 4 … 60 s, also for right ones', async () => {
  const page = at('198.51.100.1')
  expect(await answerWrongly(10, () => page)).toEqual(Array(10).fill(wrong))
  for (const seconds of [2, 4, 8, 16, 32, 60, 60]) {
    expect(await answerAt(page, answer)).toBe(seconds)
    turn(seconds - 1)
    expect(await answerAt(page, '222222')).toBe(1)
    turn(1)
    expect(await answerAt(page, '222222')).toBe(wrong)
  }
  turn(60)
  expect(await answerAt(page, answer)).toBe('hardest')
})

test('an address that answers wrongly during its wait does not make its neighbours wait', async () => {
  ports = { ...ports, policy: policyOf(0.2) }
  await answerWrongly(30, () => at('198.51.100.1'))
  expect(await answerAt(at('198.51.100.2'), answer)).toBe('gentle')
})

test.each([
  ['an IPv4 /24', 20, (n: number) => `198.51.100.${n}`, '198.51.101.1'],
  ['an IPv6 /56', 20, (n: number) => `2001:db8:0:${n.toString(16)}::/64`, '2001:db8:0:100::/64'],
  ['an IPv6 /48', 60, (n: number) => `2001:db8:0:${n.toString(16)}00::/64`, '2001:db8:1::/64'],
])('many wrong answers from %s make all its addresses wait', async (_, most, address, other) => {
  ports = { ...ports, policy: policyOf(0.2) }
  const page = (each: number) => at(address(each))
  expect(await answerWrongly(most, page)).toEqual(Array(most).fill(wrong))
  expect(await answerAt(at(address(99)), answer)).toBe(2)
  // So many wrong answers make every captcha harder.
  expect(await answerAt(at(other), answer)).toBe('middle')
})

test('ten wrong answers in a flow from many addresses make the flow wait', async () => {
  const page = (each: number) => at(`198.51.${each}.1`, { flow: 'a flow' })
  await answerWrongly(10, page)
  expect(await answerAt(page(11), answer)).toBe(2)
  expect(await answerAt(at('198.51.11.1', { flow: 'another flow' }), answer)).toBe('gentle')
})

test('of 50 concurrent wrong answers ten are told wrong, and none of 50 right ones passes after them', async () => {
  const page = at('203.0.113.1')
  const wave = async (typed: string) =>
    Promise.all(Array.from({ length: 50 }, () => answerAt(page, typed)))
  const first = await wave('222222')
  expect(first.filter((each) => each === wrong)).toHaveLength(10)
  expect(await wave(answer)).toEqual(Array(50).fill(2))
})

test('a captcha is gentle at first and gets harder with wrong answers of the address', async () => {
  const page = at('203.0.113.2')
  const levels: string[] = []
  for (let each = 0; each < 17; each += 1) {
    levels.push((await issueCaptcha(page, ports)).level)
    turn(Number(await answerAt(page, '222222')) || 60)
  }
  const times = (level: string, count: number) => Array<string>(count).fill(level)
  expect(levels).toEqual([
    ...times('gentle', 4),
    ...times('middle', 4),
    ...times('hard', 8),
    'hardest',
  ])
  expect((await issueCaptcha(at('203.0.114.2'), ports)).level).toBe('gentle')
  turn(11 * 60)
  expect((await issueCaptcha(page, ports)).level).toBe('gentle')
})

test('a captcha gets harder for a name and an address with wrong passwords', async () => {
  for (let each = 0; each < 3; each += 1) await ports.tries.begin('login', 'someone', policy.login)
  expect((await issueCaptcha(at('203.0.113.3', { name: 'SomeOne' }), ports)).level).toBe('middle')
  expect((await issueCaptcha(at('203.0.113.3', { name: 'other' }), ports)).level).toBe('gentle')
  for (let each = 0; each < 20; each += 1) await countRefusedSecret('203.0.113.4', ports)
  expect((await issueCaptcha(at('203.0.113.4'), ports)).level).toBe('hard')
})

test('a captcha gets harder for everybody while many answers on the platform are wrong', async () => {
  await answerWrongly(60, (each) => at(`203.${each}.113.4`))
  expect((await issueCaptcha(at('198.51.100.9'), ports)).level).toBe('gentle')
  await answerWrongly(40, (each) => at(`203.${each}.114.4`))
  expect((await issueCaptcha(at('198.51.100.9'), ports)).level).toBe('middle')
  turn(10 * 60)
  expect((await issueCaptcha(at('198.51.100.9'), ports)).level).toBe('gentle')
})

test('a page can require the hardest captcha', async () => {
  const page = at('198.51.100.10', { required: 'hardest' })
  expect((await issueCaptcha(page, ports)).level).toBe('hardest')
})
