import { createSecretKey } from 'node:crypto'
import type { Connection } from 'mongoose'
import { BadEnvironment } from '../../../../config/environment/bad-environment.ts'
import { type KeyProvider, WrappingKeyMissing } from '../../../ports/services/key-provider.ts'
import type { DurableKeys } from '../../crypto/durable-keys.ts'
import { usableKey } from '../../crypto/encryption.ts'
import { digestsOfOneKey, keyedDigests } from '../../crypto/keyed-digests.ts'
import { aesGcm, type Crypto, derivedKey, digestOf } from '../../crypto/value-ciphers.ts'
import {
  type KeyRecord,
  keyRecordsIn,
  keyStatesIn,
  usesAt,
  wrappingContext,
} from './key-records.ts'

/** The key-encryption keys: `current` wraps, and `all` by their names unwrap. */
export type KeyProviders = {
  readonly current: KeyProvider
  readonly all: readonly KeyProvider[]
}

export type KeyRing = {
  readonly revision: number
  readonly keys: DurableKeys
  /** 32 bytes for a purpose outside of MongoDB. They are the same after each rotation. */
  readonly secretFor: (purpose: string) => Buffer
}

/** Unwraps the key of a record. Throws `BadEnvironment` where its key-encryption key is missing. */
export async function unwrapped(
  { all }: Pick<KeyProviders, 'all'>,
  { _id, provider: name, ...wrapped }: KeyRecord,
): Promise<Buffer> {
  const provider = all.find((each) => each.name === name)
  if (!provider)
    throw new BadEnvironment([
      `KEY_PROVIDER: the settings of ${name} are missing, which wraps ${_id}`,
    ])
  try {
    return await provider.unwrap(wrapped, wrappingContext(_id))
  } catch (error) {
    throw error instanceof WrappingKeyMissing ? new BadEnvironment([error.message]) : error
  }
}

/**
 * Reads the keys from MongoDB; undefined before there are any. `unwrappedKeys` remembers keys by their ids, so that a
 * provider is asked once for each; `preferred` is the version of `DATA_KEYS` that encrypts before there are data keys.
 */
export async function readKeyRing(
  connection: Connection,
  providers: KeyProviders,
  crypto: Crypto,
  preferred: string | undefined,
  unwrappedKeys: Map<string, Buffer>,
): Promise<KeyRing | undefined> {
  // The state is read first: every key that it names was stored before.
  const state = await keyStatesIn(connection).findOne({ _id: 'state' })
  if (!state) return undefined
  const records = await keyRecordsIn(connection).find().toArray()
  for (const record of records)
    if (!unwrappedKeys.has(record._id))
      unwrappedKeys.set(record._id, await unwrapped(providers, record))
  const named = (kind: string) =>
    records.flatMap(({ _id, crypto: algorithm }) => {
      const [kindOfKey, version = ''] = _id.split('.')
      const key = unwrappedKeys.get(_id)
      return key && kindOfKey === kind ? [{ version, key, algorithm }] : []
    })
  const [digests] = named('digests')
  const [root] = named('root')
  const uses = usesAt(state)
  const ids = ['digests', 'root', ...uses.indexes.filter(Boolean).map((each) => `data.${each}`)]
  const missing = ids.filter((id) => !unwrappedKeys.has(id))
  if (!digests || !root || missing.length)
    throw new BadEnvironment([
      `MONGODB_URI: data_keys lacks ${missing.join(', ')}: restore the whole backup`,
    ])
  const earlier = named('earlier').sort(
    (one, other) => Number(other.version === preferred) - Number(one.version === preferred),
  )
  return {
    revision: state.revision,
    secretFor: (purpose) => derivedKey(root.algorithm ?? 'aes', root.key, purpose).export(),
    keys: {
      crypto,
      keys: new Map(
        named('data').map(({ version, key, algorithm = 'aes' }) => [
          Number(version),
          usableKey(key, algorithm),
        ]),
      ),
      earlier: new Map(earlier.map(({ version, key }) => [version, aesGcm(createSecretKey(key))])),
      blindIndex: digests.algorithm
        ? keyedDigests(digestOf[digests.algorithm], digests.key)
        : digestsOfOneKey(digests.key),
      ...uses,
    },
  }
}
