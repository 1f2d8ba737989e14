import { signingKeysMongo } from '../../src/adapters/signing-keys-mongo.ts'
import { testSealing } from '../support/sealing.ts'
import { type TestStores, testStores } from '../support/stores.ts'

const sealing = testSealing()
let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())
const keys = () => signingKeysMongo({ connection: stores.mongodb, sealing })

test('keys are made once, and found by every later start', async () => {
  const made = await keys().load()
  expect(made.map(({ alg, kty, use }) => [alg, kty, use])).toEqual([
    ['RS256', 'RSA', 'sig'],
    ['ES256', 'EC', 'sig'],
  ])
  expect(Buffer.from(String(made[0]?.n), 'base64url')).toHaveLength(2048 / 8)
  expect(await keys().load()).toEqual(made)
})

test('five that start for the first time at once have one set', async () => {
  const [first, ...others] = await Promise.all(Array.from({ length: 5 }, () => keys().load()))
  for (const other of others) expect(other).toEqual(first)
  expect(await stores.mongodb.collection('signing_keys').countDocuments()).toBe(2)
})

test('a dump gives no private key', async () => {
  const made = await keys().load()
  const dump = JSON.stringify(await stores.mongodb.collection('signing_keys').find().toArray())
  for (const { d } of made) expect(dump).not.toContain(String(d))
})

test('another data key opens none of them', async () => {
  await keys().load()
  const stranger = signingKeysMongo({ connection: stores.mongodb, sealing: testSealing() })
  await expect(stranger.load()).rejects.toThrow()
})
