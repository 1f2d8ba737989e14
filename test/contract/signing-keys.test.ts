import { calculateJwkThumbprint } from 'jose'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { keyAlgorithms } from '../../config/oidc.ts'
import { signingKeysMongo } from '../../src/adapters/mongo/signing-keys-mongo.ts'
import { maintainKeys, rotateKey } from '../../src/sso/keys/key-rotation.ts'
import { testClock } from '../support/clock.ts'
import { mongoDump } from '../support/leak-search.ts'
import { testKeys } from '../support/signing-keys.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const encryption = testEncryption()
const { keys: limits } = policy()
const { clock, turn } = testClock()
let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())
const keys = (using = encryption) =>
  signingKeysMongo({
    connection: stores.mongodb,
    encryption: using,
    clock,
    newKey: testKeys(),
  })
const fiveConcurrently = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 5 }, work))

test('the first start creates one key for each algorithm, and later starts find them', async () => {
  const made = await maintainKeys(keys(), clock(), limits)
  const kinds = made.map(({ alg, jwk }) => [alg, jwk.alg, jwk.kty, jwk.crv, jwk.use])
  expect(kinds.toSorted()).toEqual([
    ['ECDH-ES+A128KW', 'ECDH-ES+A128KW', 'EC', 'P-256', 'enc'],
    ['ECDH-ES+A192KW', 'ECDH-ES+A192KW', 'EC', 'P-256', 'enc'],
    ['ECDH-ES+A256KW', 'ECDH-ES+A256KW', 'EC', 'P-256', 'enc'],
    ['ECDH-ES', 'ECDH-ES', 'EC', 'P-256', 'enc'],
    ['ES256', 'ES256', 'EC', 'P-256', 'sig'],
    ['EdDSA', 'EdDSA', 'OKP', 'Ed25519', 'sig'],
    ['PS256', 'PS256', 'RSA', undefined, 'sig'],
    ['RS256', 'RS256', 'RSA', undefined, 'sig'],
    ['RSA-OAEP-256', 'RSA-OAEP-256', 'RSA', undefined, 'enc'],
  ])
  for (const { jwk } of made) {
    expect(jwk.kid).toBe(await calculateJwkThumbprint(JSON.parse(JSON.stringify(jwk))))
    if (jwk.kty === 'RSA') expect(Buffer.from(String(jwk.n), 'base64url')).toHaveLength(2048 / 8)
  }
  expect(await maintainKeys(keys(), clock(), limits)).toEqual(made)
})

test('five concurrent first starts create one set of keys', async () => {
  await fiveConcurrently(() => maintainKeys(keys(), clock(), limits))
  const found = await fiveConcurrently(() => keys().all())
  for (const set of found) {
    expect(set.map(({ alg }) => alg).toSorted()).toEqual(keyAlgorithms.toSorted())
    expect(set).toEqual(found[0])
  }
})

test('five processes that find a rotation due create one new key for each algorithm', async () => {
  await maintainKeys(keys(), clock(), limits)
  turn(limits.rotateEvery)
  await fiveConcurrently(() => maintainKeys(keys(), clock(), limits))
  const all = await keys().all()
  expect(all.map(({ number }) => number)).toEqual([
    ...keyAlgorithms.map(() => 1),
    ...keyAlgorithms.map(() => 2),
  ])
})

test.each([
  ['with notice', false, limits.publishAhead * 1000],
  ['immediately', true, 0],
])(
  'five concurrent rotations %s create keys only as far as they report it',
  async (_, now, ahead) => {
    await maintainKeys(keys(), clock(), limits)
    turn(1)
    const outcomes = await fiveConcurrently(() => rotateKey(keys(), 'ES256', clock(), limits, now))
    // After an immediate rotation no key is waiting, so that a later rotation may create the next one.
    if (!now) expect(outcomes.toSorted()).toEqual(['rotated', ...Array(4).fill('waiting')])
    const later = (await keys().all()).filter(({ alg, number }) => alg === 'ES256' && number > 1)
    expect(later).toHaveLength(outcomes.filter((outcome) => outcome === 'rotated').length)
    expect(later[0]?.signsFrom).toBe(clock() + ahead)
  },
)

test('the start of a key can be moved forward, but not back', async () => {
  await keys().add('ES256', 1, clock() + 1000)
  const [key] = await keys().all()
  if (!key) throw new Error('no key')
  expect(await keys().bringForward(key, clock() + 2000)).toBe(false)
  expect(await keys().bringForward(key, clock())).toBe(true)
  expect(await keys().all()).toEqual([{ ...key, signsFrom: clock() }])
  await keys().remove([key])
  expect(await keys().all()).toEqual([])
  expect(await keys().bringForward(key, clock() - 1)).toBe(false)
})

test('a key with an algorithm that is no longer supported is ignored', async () => {
  await keys().add('ES256', 1, clock())
  const stored = stores.mongodb.collection<{ _id: string }>('signing_keys')
  const { _id, ...rest } = (await stored.findOne({ _id: 'ES256.1' })) ?? {}
  await stored.insertOne({ ...rest, _id: 'HS256.1' })
  expect(await keys().all()).toHaveLength(1)
})

test('a dump contains no private key', async () => {
  const made = await maintainKeys(keys(), clock(), limits)
  const dump = await mongoDump(stores)
  expect(dump).toContain('RS256.1')
  for (const { jwk } of made)
    for (const part of [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi])
      if (part) expect(dump).not.toContain(part)
})

test('keys can not be decrypted with another data key or in another context', async () => {
  await maintainKeys(keys(), clock(), limits)
  await expect(keys(testEncryption()).all()).rejects.toThrow()
  const stored = stores.mongodb.collection<{ _id: string; sealed: string }>('signing_keys')
  const { sealed = '' } = (await stored.findOne({ _id: 'PS256.1' })) ?? {}
  await stored.updateOne({ _id: 'RS256.1' }, { $set: { sealed } })
  await expect(keys().all()).rejects.toThrow()
})
