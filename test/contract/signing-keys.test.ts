import { calculateJwkThumbprint } from 'jose'
import { signingAlgorithms } from '../../config/oidc.ts'
import { policy } from '../../config/policy.ts'
import { signingKeysMongo } from '../../src/adapters/mongo/signing-keys-mongo.ts'
import { keepUp, rotate } from '../../src/sso/keys/key-rotation.ts'
import { testClock } from '../support/clock.ts'
import { mongoDump } from '../support/leak-search.ts'
import { testKeys } from '../support/signing-keys.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testEncryption } from '../support/test-encryption.ts'

const sealing = testEncryption()
const { keys: limits } = policy()
const { clock, turn } = testClock()
let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())
const keys = (sealedWith = sealing) =>
  signingKeysMongo({
    connection: stores.mongodb,
    sealing: sealedWith,
    clock,
    newKey: testKeys(),
  })
const atOnce = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 5 }, work))

test('the first keys are made once, one of each algorithm, and found by every later start', async () => {
  const made = await keepUp(keys(), clock(), limits)
  const kinds = made.map(({ alg, jwk }) => [alg, jwk.alg, jwk.kty, jwk.crv, jwk.use])
  expect(kinds.toSorted()).toEqual([
    ['ES256', 'ES256', 'EC', 'P-256', 'sig'],
    ['EdDSA', 'EdDSA', 'OKP', 'Ed25519', 'sig'],
    ['PS256', 'PS256', 'RSA', undefined, 'sig'],
    ['RS256', 'RS256', 'RSA', undefined, 'sig'],
  ])
  for (const { jwk } of made) {
    expect(jwk.kid).toBe(await calculateJwkThumbprint(JSON.parse(JSON.stringify(jwk))))
    if (jwk.kty === 'RSA') expect(Buffer.from(String(jwk.n), 'base64url')).toHaveLength(2048 / 8)
  }
  expect(await keepUp(keys(), clock(), limits)).toEqual(made)
})

test('five that start for the first time at once have one set', async () => {
  await atOnce(() => keepUp(keys(), clock(), limits))
  const found = await atOnce(() => keys().all())
  for (const set of found) {
    expect(set.map(({ alg }) => alg).toSorted()).toEqual(signingAlgorithms.toSorted())
    expect(set).toEqual(found[0])
  }
})

test('of five who find a rotation due at once, one makes a key', async () => {
  await keepUp(keys(), clock(), limits)
  turn(limits.rotateEvery)
  await atOnce(() => keepUp(keys(), clock(), limits))
  const all = await keys().all()
  expect(all.map(({ number }) => number)).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
})

test.each([
  ['soon', false, limits.publishAhead * 1000],
  ['at once', true, 0],
])('of five who rotate %s at this moment, one does', async (_, now, ahead) => {
  await keepUp(keys(), clock(), limits)
  turn(1)
  const said = await atOnce(() => rotate(keys(), 'ES256', clock(), limits, now))
  // Who comes after a rotation at once finds a key that signs, and may make the next.
  if (!now) expect(said.toSorted()).toEqual(['rotated', ...Array(4).fill('waiting')])
  const later = (await keys().all()).filter(({ alg, number }) => alg === 'ES256' && number > 1)
  expect(later).toHaveLength(said.filter((outcome) => outcome === 'rotated').length)
  expect(later[0]?.signsFrom).toBe(clock() + ahead)
})

test('a key is brought forward, never back', async () => {
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

test('a key of an algorithm that is no longer spoken lies still', async () => {
  await keys().add('ES256', 1, clock())
  const stored = stores.mongodb.collection<{ _id: string }>('signing_keys')
  const { _id, ...rest } = (await stored.findOne({ _id: 'ES256.1' })) ?? {}
  await stored.insertOne({ ...rest, _id: 'HS256.1' })
  expect(await keys().all()).toHaveLength(1)
})

test('a dump gives no private key', async () => {
  const made = await keepUp(keys(), clock(), limits)
  const dump = await mongoDump(stores)
  expect(dump).toContain('RS256.1')
  for (const { jwk } of made)
    for (const part of [jwk.d, jwk.p, jwk.q, jwk.dp, jwk.dq, jwk.qi])
      if (part) expect(dump).not.toContain(part)
})

test('another data key opens none of them, nor does another place', async () => {
  await keepUp(keys(), clock(), limits)
  await expect(keys(testEncryption()).all()).rejects.toThrow()
  const stored = stores.mongodb.collection<{ _id: string; sealed: string }>('signing_keys')
  const { sealed = '' } = (await stored.findOne({ _id: 'PS256.1' })) ?? {}
  await stored.updateOne({ _id: 'RS256.1' }, { $set: { sealed } })
  await expect(keys().all()).rejects.toThrow()
})
