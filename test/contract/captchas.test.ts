import { alphabet, captchasRedis } from '../../src/adapters/redis/captchas-redis.ts'
import type { Captchas } from '../../src/ports/captchas.ts'
import { testClock } from '../support/clock.ts'
import { leaksIn } from '../support/leak-search.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const answer = 'H3K7'
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
  return { redis, keyPrefix, encryption: testEncryption(), clock, lifetime: 300, length: 4 }
}

test.each(['H3K7', 'h3k7', ' h3 K7 ', 'Ｈ３ｋ７'])(
  'the right answer is accepted when typed as %s',
  async (typed) => {
    expect(await captchas.answer(await captchas.issue(), typed)).toBe(true)
  },
)

test('characters that look alike in stripes, such as 4 and A, are interchangeable', async () => {
  const striped = captchasRedis({ ...commonOptions(), fixedAnswer: '4F56' })
  expect(await striped.answer(await striped.issue(), 'aesg')).toBe(true)
  expect(await striped.answer(await striped.issue(), 'aesz')).toBe(false)
})

test('two different characters of the alphabet are never interchangeable', async () => {
  for (const character of alphabet) {
    const four = captchasRedis({ ...commonOptions(), fixedAnswer: character.repeat(4) })
    for (const other of alphabet)
      expect([other, await four.answer(await four.issue(), other.repeat(4))]).toEqual([
        other,
        other === character,
      ])
  }
})

test.each(['H3K8', 'H3K', 'H3K77', ''])('the wrong answer %p is refused', async (typed) => {
  expect(await captchas.answer(await captchas.issue(), typed)).toBe(false)
})

test('the first answer, right or wrong, consumes a captcha', async () => {
  const right = await captchas.issue()
  const wrong = await captchas.issue()
  await captchas.answer(right, answer)
  await captchas.answer(wrong, 'AAAA')
  expect(await captchas.answer(right, answer)).toBe(false)
  expect(await captchas.answer(wrong, answer)).toBe(false)
  expect(await captchas.isOpen(right)).toBe(false)
  expect(await captchas.picture(right)).toBeUndefined()
  expect(await captchas.sound(right, 'en')).toBeUndefined()
})

test('one of 20 concurrent right answers is accepted', async () => {
  const id = await captchas.issue()
  const all = await Promise.all(Array.from({ length: 20 }, () => captchas.answer(id, answer)))
  expect(all.filter(Boolean)).toHaveLength(1)
})

test('a captcha expires after five minutes', async () => {
  const young = await captchas.issue()
  turn(299)
  expect(await captchas.isOpen(young)).toBe(true)
  expect(await captchas.answer(young, answer)).toBe(true)
  const old = await captchas.issue()
  turn(300)
  expect(await captchas.isOpen(old)).toBe(false)
  expect(await captchas.picture(old)).toBeUndefined()
  expect(await captchas.answer(old, answer)).toBe(false)
})

test('an unknown id has no picture and accepts no answer', async () => {
  expect(await captchas.answer('nobody', answer)).toBe(false)
  expect(await captchas.picture('nobody')).toBeUndefined()
})

test('picture and sound of one captcha do not change, and those of two captchas differ', async () => {
  const [one, two] = [await captchas.issue(), await captchas.issue()]
  expect(await captchas.picture(one)).toEqual(await captchas.picture(one))
  expect(await captchas.sound(one, 'zh-CN')).toEqual(await captchas.sound(one, 'zh-CN'))
  expect(await captchas.picture(one)).not.toEqual(await captchas.picture(two))
  expect(await captchas.sound(one, 'zh-CN')).not.toEqual(await captchas.sound(two, 'zh-CN'))
  expect(await captchas.sound(one, 'zh-CN')).not.toEqual(await captchas.sound(one, 'en'))
})

test('answers are random and are not stored in clear text', async () => {
  await captchas.issue()
  const pictures = new Set<string>()
  for (let i = 0; i < 10; i++)
    pictures.add(
      String((await randomCaptchas.picture(await randomCaptchas.issue()))?.toString('base64')),
    )
  expect(pictures.size).toBe(10)
  const keys = await stores.redis.keys(`${stores.keyPrefix}*`)
  expect(keys.length).toBeGreaterThan(10)
  for (const entry of [...keys, ...(await stores.redis.mget(keys))])
    expect(leaksIn(String(entry), { answer })).toEqual([])
})

test('Redis removes a captcha after its lifetime', async () => {
  const id = await captchas.issue()
  const seconds = await stores.redis.ttl(`${stores.keyPrefix}captcha:${id}`)
  expect(seconds).toBeGreaterThan(200)
  expect(seconds).toBeLessThanOrEqual(300)
})
