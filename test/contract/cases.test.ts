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

/** The contract of every `Cases`. */
function casesContract(make: () => Promise<Cases>, turn: (seconds: number) => void) {
  test('a case is found by its number in every usual notation', async () => {
    const cases = await make()
    const number = await cases.file(found)
    expect(number).toMatch(/^[2-9A-HJKMNP-TW-Z]{4}-[2-9A-HJKMNP-TW-Z]{4}$/)
    const typed = [number, number.toLowerCase(), number.replace('-', ' '), number.replace('-', '')]
    for (const one of typed)
      expect(await cases.find(one)).toEqual({ ...found, at: expect.any(Number), tries: 1 })
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
    expect(await cases.find(number)).toEqual({ ...newest, at: expect.any(Number), tries: 2 })
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
      finding: 'limit.phone',
      at: expect.any(Number),
      tries: 1,
    })
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
    await (await make()).file(found)
    const dump = JSON.stringify(await stores.mongodb.collection('cases').find().toArray())
    for (const word of Object.values(found)) expect(dump).not.toContain(word)
  })
})
