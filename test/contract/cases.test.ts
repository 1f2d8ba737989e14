import { policy } from '../../config/limits-and-lifetimes.ts'
import { casesMongo } from '../../src/adapters/mongo/cases-mongo.ts'
import type { Cases } from '../../src/ports/cases.ts'
import { testClock } from '../support/clock.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const found = {
  finding: 'mismatch',
  name: '欧**',
  idType: '居民身份证',
  idNumber: '440***********0014',
  bank: '建设银行',
  account: '6217 **** **** 0007',
  phone: '138****0000',
} as const

const unhandled = { state: 'waiting', notes: [] } as const

/** The contract of every `Cases`. */
function casesContract(make: () => Promise<Cases>, turn: (seconds: number) => void) {
  test('a case is found by its number in every usual notation', async () => {
    const cases = await make()
    const number = await cases.file(found)
    expect(number).toMatch(/^[2-9A-HJKMNP-TW-Z]{4}-[2-9A-HJKMNP-TW-Z]{4}$/)
    const typed = [number, number.toLowerCase(), number.replace('-', ' '), number.replace('-', '')]
    for (const one of typed)
      expect(await cases.find(one)).toEqual({
        ...found,
        ...unhandled,
        number,
        at: expect.any(Number),
        tries: 1,
      })
  })

  test('every case has its own number', async () => {
    const cases = await make()
    const numbers = await Promise.all(Array.from({ length: 50 }, () => cases.file(found)))
    expect(new Set(numbers).size).toBe(50)
  })

  test('a retry under the same number replaces the facts, is counted, and restarts the retention period', async () => {
    const cases = await make()
    const number = await cases.file(found)
    turn(policy().cases.keep - 1)
    const newest = { ...found, finding: 'no_record', account: '6214 **** **** 0015' }
    expect(await cases.file(newest, number)).toBe(number)
    turn(2)
    expect(await cases.find(number)).toEqual({
      ...{ ...newest, ...unhandled, number },
      ...{ at: expect.any(Number), tries: 2 },
    })
  })

  test('concurrent retries are all counted', async () => {
    const cases = await make()
    const number = await cases.file(found)
    await Promise.all(Array.from({ length: 9 }, () => cases.file(found, number)))
    expect(await cases.find(number)).toMatchObject({ tries: 10 })
  })

  test('a case may consist of its finding only', async () => {
    const cases = await make()
    const number = await cases.file({ finding: 'limit.phone' })
    expect(await cases.find(number)).toEqual({
      ...{ finding: 'limit.phone', ...unhandled, number },
      ...{ at: expect.any(Number), tries: 1 },
    })
  })

  test('concurrent notes are all kept, and a retry of a done case makes it wait again', async () => {
    const cases = await make()
    const number = await cases.file(found)
    const texts = ['a', 'b', 'c', 'd']
    await Promise.all(
      texts.map((text) => cases.handle(number, { state: 'done', note: { author: 'o', text } })),
    )
    const handled = await cases.find(number)
    expect(handled?.state).toBe('done')
    expect(handled?.notes.map(({ text }) => text).sort()).toEqual(texts)
    await cases.file(found, number)
    expect(await cases.find(number)).toMatchObject({ state: 'waiting', notes: handled?.notes })
    expect(await cases.handle('2222-2222', { state: 'done' })).toBe(false)
  })

  test('cases are listed by state, the latest first, page by page', async () => {
    const cases = await make()
    const numbers: string[] = []
    for (let count = 0; count < 5; count += 1) {
      turn(1)
      numbers.unshift(await cases.file(found))
    }
    await cases.handle(numbers[1] ?? '', { state: 'working' })
    const first = await cases.list({ limit: 3 })
    expect(first.cases.map(({ number }) => number)).toEqual(numbers.slice(0, 3))
    const second = await cases.list({ limit: 2, cursor: first.next })
    expect(second.cases.map(({ number }) => number)).toEqual(numbers.slice(3))
    const waiting = await cases.list({ state: 'waiting', limit: 2 })
    expect(waiting.cases.map(({ number }) => number)).toEqual([numbers[0], numbers[2]])
    const working = await cases.list({ state: 'working', limit: 9 })
    expect([working.cases.map(({ number }) => number), working.next]).toEqual([
      [numbers[1]],
      undefined,
    ])
  })

  test('an unknown or expired number finds nothing', async () => {
    const cases = await make()
    expect(await cases.find('2222-2222')).toBeUndefined()
    const number = await cases.file(found)
    turn(policy().cases.keep + 1)
    expect(await cases.find(number)).toBeUndefined()
  })
}

describe('cases in MongoDB', () => {
  let stores: TestStores
  const { clock, turn } = testClock()
  const encryption = testEncryption()
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())

  const make = () =>
    casesMongo({ connection: stores.mongodb, encryption, clock, policy: policy().cases })
  casesContract(make, turn)

  test('nothing of a case is stored in clear text', async () => {
    const cases = await make()
    const number = await cases.file(found)
    const text = '已请张三前往银行'
    await cases.handle(number, { state: 'working', note: { author: 'o', text } })
    const dump = JSON.stringify(await stores.mongodb.collection('cases').find().toArray())
    for (const word of [...Object.values(found), text]) expect(dump).not.toContain(word)
  })
})
