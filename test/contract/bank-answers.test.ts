import { randomUUID } from 'node:crypto'
import { bankAnswersRedis } from '../../src/adapters/redis/bank-answers-redis.ts'
import type { BankAnswers, BankQuestion } from '../../src/ports/services/bank-answers.ts'
import { leaksIn } from '../support/leak-search.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const question = (): BankQuestion => ({
  attempt: randomUUID(),
  claim: {
    bank: '招商银行',
    name: '林大满',
    idType: '居民身份证',
    idNumber: '11010519491231002X',
    account: '6214830000000000',
    phone: '+8613800000000',
  },
})

/** The contract of every `BankAnswers`. */
function bankAnswersContract(make: () => BankAnswers) {
  test('a match is found again and again, and anything else once', async () => {
    const answers = make()
    const [matched, refused] = [question(), question()]
    await answers.keep(matched, { outcome: 'match', cardKind: 'debit' })
    await answers.keep(refused, { outcome: 'mismatch' })
    for (let n = 0; n < 2; n += 1)
      expect(await answers.find(matched)).toEqual({ outcome: 'match', cardKind: 'debit' })
    expect(await answers.find(refused)).toEqual({ outcome: 'mismatch' })
    expect(await answers.find(refused)).toBeUndefined()
  })

  test('an answer is found only by its attempt and the whole claim', async () => {
    const answers = make()
    const asked = question()
    await answers.keep(asked, { outcome: 'match' })
    expect(await answers.find({ ...asked, attempt: randomUUID() })).toBeUndefined()
    for (const name of Object.keys(asked.claim)) {
      const claim = { ...asked.claim, [name]: 'other' }
      expect([name, await answers.find({ ...asked, claim })]).toEqual([name, undefined])
    }
  })

  test('an answer is expected until it is kept or forgotten', async () => {
    const answers = make()
    const asked = question()
    await answers.expect(asked)
    expect(await answers.find(asked)).toBe('expected')
    await answers.forget(asked)
    expect(await answers.find(asked)).toBeUndefined()
    await answers.expect(asked)
    await answers.keep(asked, { outcome: 'match' })
    expect(await answers.find(asked)).toEqual({ outcome: 'match' })
  })
}

describe('answers of the bank in Redis', () => {
  let stores: TestStores
  beforeAll(async () => {
    stores = await testStores()
  })
  afterAll(() => stores.close())
  const encryption = testEncryption()

  bankAnswersContract(() =>
    bankAnswersRedis({ ...stores, encryption, policy: { late: 40, keep: 600 } as never }),
  )

  test('nothing of a claim or an answer is readable, and every key has an end', async () => {
    const answers = bankAnswersRedis({
      ...stores,
      encryption,
      policy: { late: 40, keep: 600 } as never,
    })
    const asked = question()
    await answers.keep(asked, { outcome: 'card_unusable' })
    await answers.expect(question())
    const keys = await stores.redis.keys(`${stores.keyPrefix}bank-answer:*`)
    expect(keys.length).toBeGreaterThan(1)
    const personal = { ...asked.claim, outcome: 'card_unusable' }
    for (const key of keys) {
      const readable = leaksIn(`${key} ${await stores.redis.get(key)}`, personal)
      expect(readable).toEqual([])
      expect(await stores.redis.pttl(key)).toBeGreaterThan(0)
    }
  })
})
