import { createHash } from 'node:crypto'
import { captchaDigits as digits } from '../../config/limits/captcha-limits.ts'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { captchasRedis } from '../../src/adapters/captcha/captchas-redis.ts'
import type { CaptchaLevel, Captchas, ShownCaptcha } from '../../src/ports/captchas.ts'
import { testClock } from '../support/clock.ts'
import { leaksIn } from '../support/leak-search.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const answer = '350729'
const page = 'register/a-flow/login'
const work = { most: 300 }
const { clock, turn } = testClock()
let stores: TestStores
let captchas: Captchas
/** Captchas with random answers. */
let randomCaptchas: Captchas

beforeAll(async () => {
  stores = await testStores()
  captchas = captchasRedis({ ...commonOptions(), fixedAnswer: answer })
  randomCaptchas = captchasRedis({ ...commonOptions(), fixedAnswer: undefined })
})
afterAll(() => stores.close())

function commonOptions() {
  const { redis, keyPrefix } = stores
  const common = { redis, keyPrefix, encryption: testEncryption(), clock }
  return { ...common, ...policy().captcha, work }
}

const issue = (level: CaptchaLevel = 'gentle') => captchas.issue(page, level)
const say = ({ id }: ShownCaptcha, typed: string, at = page) => captchas.answer(id, at, { typed })
/** Finds the number as the page's script does. */
const numberOf = ({ id, work: puzzle }: ShownCaptcha) =>
  Array.from({ length: puzzle?.most ?? 0 }, (_, number) => String(number)).find(
    (number) => createHash('sha256').update(`${id}.${number}`).digest('hex') === puzzle?.target,
  )

test('six of nine digits make more than 300,000 answers', () => {
  expect(new Set(digits).size ** policy().captcha.length).toBeGreaterThan(300_000)
})

test.each(['350729', ' 350 729 ', '３５０７２９', '35O729', '350 1z9'])(
  'the right answer is accepted when typed as %s',
  async (typed) => {
    expect(await say(await issue(), typed)).toBe('gentle')
  },
)

test('two different digits are never interchangeable', async () => {
  for (const digit of digits) {
    const six = captchasRedis({ ...commonOptions(), fixedAnswer: digit.repeat(6) })
    for (const other of digits) {
      const { id } = await six.issue(page, 'gentle')
      const verdict = await six.answer(id, page, { typed: other.repeat(6) })
      expect([other, verdict]).toEqual([other, other === digit ? 'gentle' : 'wrong'])
    }
  }
})

test.each(['350728', '35072', '3507299', ''])('the wrong answer %p is refused', async (typed) => {
  expect(await say(await issue(), typed)).toBe('wrong')
})

test('the first answer, right or wrong, consumes a captcha', async () => {
  const [right, wrong] = [await issue(), await issue()]
  await say(right, answer)
  await say(wrong, '222222')
  expect(await say(right, answer)).toBe('wrong')
  expect(await say(wrong, answer)).toBe('wrong')
  expect(await captchas.find(right.id, page)).toBeUndefined()
  expect(await captchas.picture(right.id, 'first')).toBeUndefined()
  expect(await captchas.sound(right.id, 'first', 'en')).toBeUndefined()
})

test('one of 50 concurrent right answers is accepted', async () => {
  for (const level of ['gentle', 'hardest'] as const) {
    const captcha = await issue(level)
    const given = { typed: answer, second: answer }
    const all = await Promise.all(
      Array.from({ length: 50 }, () => captchas.answer(captcha.id, page, given)),
    )
    expect(all.filter((verdict) => verdict === level)).toHaveLength(1)
    expect(all.filter((verdict) => verdict === 'wrong')).toHaveLength(49)
  }
})

test('a captcha is invalid on another page than its own, and consumed there', async () => {
  const captcha = await issue()
  expect(await captchas.find(captcha.id, 'recover/username')).toBeUndefined()
  expect(await say(captcha, answer, 'recover/username')).toBe('wrong')
  expect(await say(captcha, answer)).toBe('wrong')
})

test('a captcha of the hardest level needs proof of work or a second answer', async () => {
  const blank = await issue('hardest')
  expect(await say(blank, answer)).toBe('incomplete')
  const give = async (captcha: ShownCaptcha, more: { second?: string; work?: string }) =>
    captchas.answer(captcha.id, page, { typed: answer, ...more })
  expect(await give(blank, { work: '0' === numberOf(blank) ? '1' : '0' })).toBe('incomplete')
  expect(await give(blank, { work: String(numberOf(blank)) })).toBe('hardest')
  expect(await give(await issue('hardest'), { second: answer })).toBe('hardest')
  expect(await give(await issue('hardest'), { second: '222222' })).toBe('wrong')
  const guessed = await issue('hardest')
  expect(await say(guessed, '222222')).toBe('wrong')
  expect(await captchas.find(guessed.id, page)).toBeUndefined()
  const wrongPicture = await issue('hardest')
  const proved = { typed: '222222', work: String(numberOf(wrongPicture)) }
  expect(await captchas.answer(wrongPicture.id, page, proved)).toBe('wrong')
})

test('only the hardest level has work and a second picture, which differs from the first', async () => {
  const [hard, hardest] = [await issue('hard'), await issue('hardest')]
  expect([hard.work, hardest.work?.most]).toEqual([undefined, work.most])
  expect(await captchas.find(hardest.id, page)).toEqual(hardest)
  expect(await captchas.picture(hard.id, 'second')).toBeUndefined()
  const pictures = [
    await captchas.picture(hardest.id, 'first'),
    await captchas.picture(hardest.id, 'second'),
  ]
  expect(pictures[0]).not.toEqual(pictures[1])
  expect(await captchas.sound(hardest.id, 'second', 'en')).toBeDefined()
})

test('a captcha expires after five minutes', async () => {
  const young = await issue()
  turn(299)
  expect(await captchas.find(young.id, page)).toEqual(young)
  expect(await say(young, answer)).toBe('gentle')
  const old = await issue()
  turn(300)
  expect(await captchas.find(old.id, page)).toBeUndefined()
  expect(await captchas.picture(old.id, 'first')).toBeUndefined()
  expect(await say(old, answer)).toBe('wrong')
})

test('an unknown id has no picture and accepts no answer', async () => {
  expect(await captchas.answer('nobody', page, { typed: answer })).toBe('wrong')
  expect(await captchas.picture('nobody', 'first')).toBeUndefined()
})

test('picture and sound of one captcha do not change, and those of two captchas differ', async () => {
  const [{ id: one }, { id: two }] = [await issue(), await issue()]
  const picture = (id: string) => captchas.picture(id, 'first')
  const sound = (id: string, locale: 'zh-CN' | 'en') => captchas.sound(id, 'first', locale)
  expect(await picture(one)).toEqual(await picture(one))
  expect(await sound(one, 'zh-CN')).toEqual(await sound(one, 'zh-CN'))
  expect(await picture(one)).not.toEqual(await picture(two))
  expect(await sound(one, 'zh-CN')).not.toEqual(await sound(two, 'zh-CN'))
  expect(await sound(one, 'zh-CN')).not.toEqual(await sound(one, 'en'))
})

test('answers are random and are not stored in clear text', async () => {
  await issue()
  const pictures = new Set<string>()
  for (let i = 0; i < 10; i++) {
    const { id } = await randomCaptchas.issue(page, 'hard')
    pictures.add(String((await randomCaptchas.picture(id, 'first'))?.toString('base64')))
  }
  expect(pictures.size).toBe(10)
  const keys = await stores.redis.keys(`${stores.keyPrefix}*`)
  expect(keys.length).toBeGreaterThan(10)
  for (const entry of [...keys, ...(await stores.redis.mget(keys))])
    expect(leaksIn(String(entry), { answer })).toEqual([])
})

test('Redis removes a captcha after its lifetime', async () => {
  const { id } = await issue()
  const seconds = await stores.redis.ttl(`${stores.keyPrefix}captcha:${id}`)
  expect(seconds).toBeGreaterThan(200)
  expect(seconds).toBeLessThanOrEqual(300)
})
