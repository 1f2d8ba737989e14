import { randomBytes } from 'node:crypto'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'
import type { KeySettings } from '../../src/adapters/mongo/data-keys/create-keys.ts'
import { recordKeys, refuseOtherKeys } from '../../src/adapters/mongo/data-keys/key-check-values.ts'
import { earlierEncryption } from '../support/earlier-encryption.ts'
import { type TestStores, testStores } from '../support/stores.ts'

type Keys = Pick<KeySettings, 'DATA_KEYS'> & { readonly DIGEST_KEY: Buffer }

let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

const dataKey = (version: string) => ({ version, key: randomBytes(32) })
const [first, second] = [dataKey('1'), dataKey('2')]
const keys: Keys = { DATA_KEYS: [first], DIGEST_KEY: randomBytes(32) }
const otherDigest = { ...keys, DIGEST_KEY: randomBytes(32) }
const otherFirst = { ...keys, DATA_KEYS: [dataKey('1')] }

/** The problems that end the start, without what to do about them. */
async function problemsOf(given: Keys): Promise<readonly string[]> {
  try {
    await recordKeys(stores.mongodb, given)
    return []
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error
    return error.problems.map((problem) => problem.replace(/, and .+|: give .+/, ''))
  }
}
const isOther = 'DATA_KEYS: version 1 is not the key of that version in this MongoDB database'
const isMissing = 'DATA_KEYS: version 1 is missing'
const isOtherDigest = 'DIGEST_KEY: is not the key of this MongoDB database'

const storedValues = () =>
  stores.mongodb.collection<{ _id: string; value: string }>('key_check_values').find().toArray()

test('the first start stores a value for each key, which does not reveal the key', async () => {
  expect(await problemsOf({ ...keys, DATA_KEYS: [second, first] })).toEqual([])
  const stored = await storedValues()
  expect(stored.map(({ _id }) => _id).sort()).toEqual(['DATA_KEYS.1', 'DATA_KEYS.2', 'DIGEST_KEY'])
  for (const { value } of stored) expect(value).toMatch(/^[\w-]{43}$/)
  const everything = JSON.stringify(stored)
  for (const key of [first.key, second.key, keys.DIGEST_KEY])
    expect(everything).not.toContain(key.toString('base64url'))
  const values = new Set(stored.map(({ value }) => value))
  expect(values.size).toBe(3)
})

test('the same key has another value under another name', async () => {
  const { key } = first
  await recordKeys(stores.mongodb, { DATA_KEYS: [first, { version: '2', key }], DIGEST_KEY: key })
  expect(new Set((await storedValues()).map(({ value }) => value)).size).toBe(3)
})

test('other keys of known names are refused, all at once, and stay refused', async () => {
  await recordKeys(stores.mongodb, keys)
  const bothOther = { ...otherFirst, DIGEST_KEY: otherDigest.DIGEST_KEY }
  for (let n = 0; n < 2; n += 1)
    expect(await problemsOf(bothOther)).toEqual([isOther, isOtherDigest])
  expect(await problemsOf(keys)).toEqual([])
})

test.each([
  ['behind the others', [first, second]],
  ['before the others', [second, first]],
] as const)('a new version is added %s', async (_, both) => {
  await recordKeys(stores.mongodb, keys)
  expect(await problemsOf({ ...keys, DATA_KEYS: both })).toEqual([])
  const wrong = { ...keys, DATA_KEYS: [first, dataKey('2')] }
  expect(await problemsOf(wrong)).toEqual([isOther.replace('1', '2')])
})

test('a version that was given once may not be left out', async () => {
  await recordKeys(stores.mongodb, keys)
  expect(await problemsOf({ ...keys, DATA_KEYS: [second] })).toEqual([isMissing])
  expect(await storedValues()).toHaveLength(2)
})

test('a refused start stores nothing', async () => {
  await recordKeys(stores.mongodb, keys)
  const stored = await storedValues()
  await problemsOf({ ...otherDigest, DATA_KEYS: [first, second] })
  expect(await storedValues()).toEqual(stored)
})

test('only processes with one of five sets of keys start when ten start concurrently', async () => {
  const sets = Array.from({ length: 5 }, () => ({
    ...{ DATA_KEYS: [dataKey('1')], DIGEST_KEY: randomBytes(32) },
  }))
  const outcomes = await Promise.all([...sets, ...sets].map(problemsOf))
  const passed = outcomes.flatMap((problems, n) => (problems.length ? [] : [n % 5]))
  expect(passed).toHaveLength(2)
  expect(new Set(passed).size).toBe(1)
})

describe('in a database from before check values', () => {
  const encryption = earlierEncryption(first, keys.DIGEST_KEY)
  const context = { collection: 'signing_keys', record: 'RS256.1', field: 'jwk' }
  const signingKey = { _id: 'RS256.1', sealed: encryption.encrypt('{}', context) }
  const inCollection = (name: string) =>
    stores.mongodb.collection<{ _id: string; [field: string]: unknown }>(name)

  test('keys that do not decrypt a signing key are refused', async () => {
    await inCollection('signing_keys').insertOne(signingKey)
    expect(await problemsOf(otherFirst)).toEqual([isOther])
    expect(await problemsOf({ ...keys, DATA_KEYS: [second] })).toEqual([isMissing])
    expect(await storedValues()).toEqual([])
    expect(await problemsOf(keys)).toEqual([])
    expect(await storedValues()).toHaveLength(2)
  })

  test('a digest key that finds no account is refused, and so is a data key that decrypts none', async () => {
    const context = { collection: 'accounts', record: 'a', field: 'username' }
    await inCollection('accounts').insertOne({
      _id: 'a',
      sealed: { username: encryption.encrypt('li.ming', context) },
      usernameDigest: encryption.blindIndex('accounts.username', 'li.ming'),
    })
    expect(await problemsOf(otherDigest)).toEqual([isOtherDigest])
    expect(await problemsOf(otherFirst)).toEqual([isOther])
    expect(await storedValues()).toEqual([])
    expect(await problemsOf(keys)).toEqual([])
  })

  test('a command only compares', async () => {
    await inCollection('signing_keys').insertOne(signingKey)
    await expect(refuseOtherKeys(stores.mongodb, otherFirst)).rejects.toThrow(isOther)
    await refuseOtherKeys(stores.mongodb, keys)
    expect(await storedValues()).toEqual([])
  })
})
