import { alphabet, captchasRedis } from '../../src/adapters/redis/captchas-redis.ts'
import type { Captchas } from '../../src/ports/captchas.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const answer = 'H3K7'
const { clock, turn } = testClock()
let stores: TestStores
let captchas: Captchas
/** With answers that nobody fixed. */
let drawn: Captchas

beforeAll(async () => {
  stores = await testStores()
  captchas = captchasRedis({ ...common(), fixedAnswer: answer })
  drawn = captchasRedis({ ...common(), fixedAnswer: undefined })
})
afterAll(() => stores.close())

function common() {
  const { redis, keyPrefix } = stores
  return { redis, keyPrefix, sealing: testEncryption(), clock, lifetime: 300, length: 4 }
}

test.each(['H3K7', 'h3k7', ' h3 K7 ', 'Ｈ３ｋ７'])(
  'the right answer is taken as %s',
  async (typed) => {
    expect(await captchas.answer(await captchas.issue(), typed)).toBe(true)
  },
)

test('a striped 4 may be read as an A, and so on', async () => {
  const striped = captchasRedis({ ...common(), fixedAnswer: '4F56' })
  expect(await striped.answer(await striped.issue(), 'aesg')).toBe(true)
  expect(await striped.answer(await striped.issue(), 'aesz')).toBe(false)
})

test('no two characters of answers count as the same', async () => {
  for (const character of alphabet) {
    const four = captchasRedis({ ...common(), fixedAnswer: character.repeat(4) })
    for (const other of alphabet)
      expect([other, await four.answer(await four.issue(), other.repeat(4))]).toEqual([
        other,
        other === character,
      ])
  }
})

test.each(['H3K8', 'H3K', 'H3K77', ''])('a wrong answer is refused: %p', async (typed) => {
  expect(await captchas.answer(await captchas.issue(), typed)).toBe(false)
})

test('it is used up by its first answer, right or wrong', async () => {
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

test('of twenty at once one is right', async () => {
  const id = await captchas.issue()
  const all = await Promise.all(Array.from({ length: 20 }, () => captchas.answer(id, answer)))
  expect(all.filter(Boolean)).toHaveLength(1)
})

test('it lives five minutes', async () => {
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

test('an unknown id is never right', async () => {
  expect(await captchas.answer('nobody', answer)).toBe(false)
  expect(await captchas.picture('nobody')).toBeUndefined()
})

test('picture and sound are the same each time, and those of no two captchas are', async () => {
  const [one, two] = [await captchas.issue(), await captchas.issue()]
  expect(await captchas.picture(one)).toEqual(await captchas.picture(one))
  expect(await captchas.sound(one, 'zh-CN')).toEqual(await captchas.sound(one, 'zh-CN'))
  expect(await captchas.picture(one)).not.toEqual(await captchas.picture(two))
  expect(await captchas.sound(one, 'zh-CN')).not.toEqual(await captchas.sound(two, 'zh-CN'))
  expect(await captchas.sound(one, 'zh-CN')).not.toEqual(await captchas.sound(one, 'en'))
})

test('answers are drawn, not the same ones, and stand nowhere in the store', async () => {
  await captchas.issue()
  const pictures = new Set<string>()
  for (let i = 0; i < 10; i++)
    pictures.add(String((await drawn.picture(await drawn.issue()))?.toString('base64')))
  expect(pictures.size).toBe(10)
  const keys = await stores.redis.keys(`${stores.keyPrefix}*`)
  expect(keys.length).toBeGreaterThan(10)
  for (const entry of [...keys, ...(await stores.redis.mget(keys))])
    expect(entry).not.toContain(answer)
})

test('a store that is asked later forgets it by itself', async () => {
  const id = await captchas.issue()
  const seconds = await stores.redis.ttl(`${stores.keyPrefix}captcha:${id}`)
  expect(seconds).toBeGreaterThan(290)
  expect(seconds).toBeLessThanOrEqual(300)
})
