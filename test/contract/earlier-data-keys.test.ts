import { randomBytes } from 'node:crypto'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'
import { openDataKeys } from '../../src/adapters/mongo/data-keys/open-data-keys.ts'
import { keyProviders } from '../../src/compose/key-providers.ts'
import { earlierEncryption } from '../support/earlier-encryption.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testCrypto } from '../support/test-encryption.ts'

const versioned = (version: string) => ({ version, key: randomBytes(32) })
const [first, second] = [versioned('1'), versioned('2')]
const DIGEST_KEY = randomBytes(32)
const earlier = earlierEncryption(first, DIGEST_KEY)
const context = { collection: 'signing_keys', record: 'RS256.1', field: 'jwk' }

let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
  const signingKey = { _id: context.record, sealed: earlier.encrypt('{}', context) }
  await stores.mongodb.collection<typeof signingKey>('signing_keys').insertOne(signingKey)
})
afterEach(() => stores.close())

function start(DATA_KEYS: (typeof first)[], digestKey?: typeof DIGEST_KEY) {
  const settings = { CRYPTO: testCrypto, KEY_PROVIDER: 'env', DATA_KEYS } as const
  const given = { ...settings, DIGEST_KEY: digestKey }
  return openDataKeys(stores.mongodb, keyProviders(given), given)
}

const keyRecords = () => stores.mongodb.collection<{ _id: string }>('data_keys')
const ids = async () => (await keyRecords().find().toArray()).map(({ _id }) => _id).sort()

test('later starts without DIGEST_KEY create no data key before the first rotation, and take a new version of DATA_KEYS', async () => {
  await start([first], DIGEST_KEY)
  const wrapped = ['digests', 'earlier.1', 'root']
  expect(await ids()).toEqual(wrapped)
  await start([first])
  expect(await ids()).toEqual(wrapped)
  const dataKeys = await start([second, first])
  expect(await ids()).toEqual(['digests', 'earlier.1', 'earlier.2', 'root'])
  expect(dataKeys?.encryption.blindIndex('a', 'b')).toBe(earlier.blindIndex('a', 'b'))
  expect(dataKeys?.encryption.encrypt('x', context)).toMatch(/^2\./)
})

test('a start without DIGEST_KEY after one that ended halfway is refused, and stores no digest key of its own', async () => {
  await start([first], DIGEST_KEY)
  await keyRecords().deleteOne({ _id: 'digests' })
  await stores.mongodb.collection('data_key_state').deleteMany({})
  await expect(start([first])).rejects.toThrow(BadEnvironment)
  await expect(start([first])).rejects.toThrow(/^DIGEST_KEY: is missing/)
  expect(await ids()).toEqual(['earlier.1', 'root'])
  await start([first], DIGEST_KEY)
  expect(await ids()).toEqual(['digests', 'earlier.1', 'root'])
})
