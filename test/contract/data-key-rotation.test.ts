import { randomBytes } from 'node:crypto'
import { followDataKeys } from '../../src/adapters/mongo/data-keys/follow-data-keys.ts'
import { keyStatesIn } from '../../src/adapters/mongo/data-keys/key-records.ts'
import { openDataKeys } from '../../src/adapters/mongo/data-keys/open-data-keys.ts'
import { rotateDataKeys } from '../../src/adapters/mongo/data-keys/rotation.ts'
import { keyProviders } from '../../src/compose/key-providers.ts'
import { ServiceUnreachable } from '../../src/ports/outage.ts'
import { type TestStores, testStores } from '../support/stores.ts'
import { testCrypto } from '../support/test-encryption.ts'

let stores: TestStores
beforeEach(async () => {
  stores = await testStores()
})
afterEach(() => stores.close())

const env = {
  ...({ CRYPTO: testCrypto, KEY_PROVIDER: 'env', DIGEST_KEY: undefined } as const),
  DATA_KEYS: [{ version: '1', key: randomBytes(32) }],
}
const providers = keyProviders(env)
const contextOf = (record: string) => ({ collection: 'signing_keys', record, field: 'jwk' })
type Stored = { readonly _id: string; readonly sealed: string; readonly dataKey: number }
const records = () => stores.mongodb.collection<Stored>('signing_keys')

/** The keys as one more process has them. */
async function opened() {
  const dataKeys = await openDataKeys(stores.mongodb, providers, env)
  if (!dataKeys) throw new Error('no data keys')
  return dataKeys
}
type DataKeys = Awaited<ReturnType<typeof opened>>

/** Stores a record, of which a rotation has to renew the encrypted value. */
async function storeRecord({ encryption }: DataKeys, _id: string) {
  const sealed = encryption.encrypt('{}', contextOf(_id))
  await records().insertOne({ _id, sealed, dataKey: encryption.dataKey() })
}

/** Rotates until a line is printed that matches. Returns the lines. */
async function rotateUntil(
  dataKeys: DataKeys,
  last?: RegExp,
  pepper = 'derived',
  keyProviders = providers,
) {
  const lines: string[] = []
  class Interrupted extends Error {}
  const print = (line: string) => {
    lines.push(line)
    if (last?.test(line)) throw new Interrupted()
  }
  await rotateDataKeys({
    ...{ connection: stores.mongodb, dataKeys, providers: keyProviders, print },
    ...{ crypto: testCrypto, pepper, longestWrite: 50 },
  }).catch((error: unknown) => {
    if (!(error instanceof Interrupted)) throw error
  })
  return lines
}

test('a rotation renews nothing with the keys of an earlier phase, when another one has gone on meanwhile', async () => {
  const dataKeys = await opened()
  await storeRecord(dataKeys, 'RS256.1')
  await rotateUntil(dataKeys, /waits until/)
  const states = keyStatesIn(stores.mongodb)
  await states.updateOne({ _id: 'state' }, { $set: { phase: 'joining' }, $inc: { revision: 1 } })
  await dataKeys.refresh()

  // The other rotation goes on after this one has read the keys, and before it reads the state.
  let readKeys = 0
  const overtaken: DataKeys = {
    ...dataKeys,
    async refresh() {
      readKeys += 1
      if (readKeys > 1) await dataKeys.refresh()
      else
        await states.updateOne(
          { _id: 'state' },
          { $set: { phase: 'renewing' }, $inc: { revision: 1 } },
        )
    },
  }
  const lines = await rotateUntil(overtaken, /^signing_keys: |removes/)
  expect(lines.at(-1)).toBe('signing_keys: 1 records renewed')
  expect(await records().findOne()).toMatchObject({
    ...{ dataKey: 2, sealed: expect.stringContaining(`${testCrypto}.2.`) },
  })
})

test('a process keeps its keys when it reads an earlier state once more', async () => {
  const dataKeys = await opened()
  const states = keyStatesIn(stores.mongodb)
  const before = await states.findOne({ _id: 'state' })
  await rotateUntil(dataKeys)
  const revision = dataKeys.revision()
  expect(dataKeys.encryption.dataKey()).toBe(2)
  await states.replaceOne({ _id: 'state' }, { revision: before?.revision ?? 0, current: 1 })
  await dataKeys.refresh()
  expect(dataKeys.revision()).toBe(revision)
  expect(dataKeys.encryption.encrypt('x', contextOf('a'))).toMatch(`${testCrypto}.2.`)
})

test('a rotation goes on only with the pepper with which it began', async () => {
  const dataKeys = await opened()
  await rotateUntil(dataKeys, /replaces data key 1/, '2')
  await expect(rotateUntil(dataKeys, undefined, '3')).rejects.toThrow(
    /^this rotation began with version 2 first in PEPPER_KEYS: give that one to all processes and to this command until it has ended, then rotate once more with version 3 first in PEPPER_KEYS$/,
  )
  await rotateUntil(dataKeys, undefined, '2')
  await rotateUntil(dataKeys, /waits until/, '3')
})

test('a rotation neither begins nor ends while a process encrypts password hashes with another pepper', async () => {
  const dataKeys = await opened()
  const { stop } = await followDataKeys(stores.mongodb, await opened(), console, '1')
  await expect(rotateUntil(dataKeys, undefined, '2')).rejects.toThrow(
    /^1 processes encrypt password hashes with version 1 first in PEPPER_KEYS: give all processes and this command version 2 first in PEPPER_KEYS, restart/,
  )
  expect(await keyStatesIn(stores.mongodb).findOne()).toMatchObject({ current: 1, revision: 1 })
  await stop()
  await rotateUntil(dataKeys, /^data key 2: removes/, '2')

  // A process comes back with the old settings meanwhile, and goes.
  const { stop: stopLate } = await followDataKeys(stores.mongodb, await opened(), console, '1')
  const goesOn = rotateUntil(dataKeys, undefined, '2')
  await expect(goesOn).rejects.toThrow('1 processes encrypt password hashes')
  await stopLate()
  await rotateUntil(dataKeys, undefined, '2')
  expect(await keyStatesIn(stores.mongodb).findOne()).toMatchObject({ current: 2 })
})

test('two rotations at once do one rotation together, and each record is found and decrypted', async () => {
  const all = [await opened(), await opened()]
  for (let n = 0; n < 700; n += 1) await storeRecord(all[0] as DataKeys, `RS256.${n}`)
  // One begins in each phase in which the other one may be.
  for (const phase of [/added/, /waits until/, /replaces/, /removes/]) {
    const [one, other] = all as [DataKeys, DataKeys]
    const before = (await keyStatesIn(stores.mongodb).findOne())?.current ?? 0
    await rotateUntil(one, phase)
    await Promise.all([rotateUntil(one), rotateUntil(other)])
    expect(await keyStatesIn(stores.mongodb).findOne()).toEqual({
      ...{ _id: 'state', current: before + 1, revision: expect.any(Number) },
    })
  }
  const { encryption } = await opened()
  for (const { _id, sealed, dataKey } of await records().find().toArray()) {
    expect(dataKey).toBe(5)
    expect(encryption.decrypt(sealed, contextOf(_id))).toBe('{}')
  }
})

test('a KMS outage ends a rotation, nobody notices, and the repeated command goes on', async () => {
  const dataKeys = await opened()
  await storeRecord(dataKeys, 'RS256.1')
  const process = await followDataKeys(stores.mongodb, await opened(), console)
  const outage = new ServiceUnreachable('TENCENT_KMS_KEY_ID: tencent-kms does not answer')
  const state = () => keyStatesIn(stores.mongodb).findOne()
  // The KMS wraps the new key first, then every other key once more.
  for (const answered of [0, 1, 2]) {
    let calls = 0
    const current = {
      ...providers.current,
      async wrap(...given: Parameters<typeof providers.current.wrap>) {
        calls += 1
        if (calls > answered) throw outage
        return providers.current.wrap(...given)
      },
    }
    const failing = rotateUntil(dataKeys, undefined, undefined, { ...providers, current })
    await expect(failing).rejects.toBe(outage)
    expect(await state()).toMatchObject({ current: 1 })
    expect(
      process.encryption.decrypt((await records().findOne())?.sealed ?? '', contextOf('RS256.1')),
    ).toBe('{}')
    process.encryption.encrypt('x', contextOf('x'))
  }
  expect(await state()).toMatchObject({ phase: 'announced', next: 2 })
  await rotateUntil(dataKeys)
  expect(await state()).toMatchObject({ current: 2 })
  await process.stop()
})
