import { randomBytes } from 'node:crypto'
import type { Connection } from 'mongoose'
import { BadEnvironment } from '../../../../config/environment/bad-environment.ts'
import type { VersionedKey } from '../../crypto/key-provider-env.ts'
import type { Crypto } from '../../crypto/value-ciphers.ts'
import { missingKey } from './key-problems.ts'
import { type KeyRecord, keyRecordsIn, keyStatesIn, wrappingContext } from './key-records.ts'
import type { KeyProviders } from './key-ring.ts'

/** The settings on which values in MongoDB depend. */
export type KeySettings = {
  readonly CRYPTO: Crypto
  /** Empty where a KMS wraps the data keys. */
  readonly DATA_KEYS: readonly VersionedKey[]
  readonly PEPPER_KEYS?: readonly VersionedKey[] | undefined
  /** Only a database of before data keys needs it. */
  readonly DIGEST_KEY?: Buffer | undefined
}

/**
 * Stores the keys of a new database, or takes those of a database of before data keys, where the platform goes on as before
 * until the first rotation. Processes that start at the same time agree: each inserts only what is not there. Throws
 * `BadEnvironment`.
 */
export async function createKeys(
  connection: Connection,
  { current }: KeyProviders,
  { CRYPTO, DATA_KEYS, DIGEST_KEY }: KeySettings,
  /** Whether MongoDB contained data before this start, without any data key. */
  isEarlier: boolean,
): Promise<void> {
  const records = keyRecordsIn(connection)
  const states = keyStatesIn(connection)
  const known = new Set((await records.find().toArray()).map(({ _id }) => _id))
  const state = await states.findOne({ _id: 'state' })
  const version = state?.current ?? newestOf(known) ?? (isEarlier ? 0 : 1)
  const ofEarlier = DATA_KEYS.map(({ version, key }) => keyOf(`earlier.${version}`, key))
  // A random key of digests would find nobody. A start that ended halfway may have left the others.
  if (version === 0 && !DIGEST_KEY && !known.has('digests'))
    throw new BadEnvironment([missingKey('DIGEST_KEY')])
  const needed = [
    keyOf('root', randomBytes(32), CRYPTO),
    ...(version === 0
      ? [...(DIGEST_KEY ? [keyOf('digests', DIGEST_KEY)] : []), ...ofEarlier]
      : [keyOf('digests', randomBytes(32), CRYPTO), keyOf('data.1', randomBytes(32), CRYPTO)]),
  ].filter(({ _id }) => !known.has(_id))
  // A database that has a state is complete, but for a version of DATA_KEYS that is new and encrypts directly.
  const missing = state && version > 0 ? [] : needed
  if (missing.length)
    await records.bulkWrite(
      await Promise.all(
        missing.map(async ({ _id, key, crypto }) => {
          const { keyVersion, wrapped } = await current.wrap(key, wrappingContext(_id))
          const stored: Omit<KeyRecord, '_id'> = {
            ...{ provider: current.name, keyVersion, wrapped },
            ...(crypto && { crypto }),
            madeAt: new Date(),
          }
          return { updateOne: { filter: { _id }, update: { $setOnInsert: stored }, upsert: true } }
        }),
      ),
    )
  await states.updateOne(
    { _id: 'state' },
    { $setOnInsert: { revision: 1, current: version } },
    { upsert: true },
  )
}

/** The newest data key. Keys without a state are those of a start that was killed, or the state was not restored. */
function newestOf(known: ReadonlySet<string>): number | undefined {
  const versions = [...known].flatMap((id) => /^data\.(\d+)$/.exec(id)?.[1] ?? [])
  return versions.length ? Math.max(...versions.map(Number)) : undefined
}

const keyOf = (_id: string, key: Buffer, crypto?: Crypto) => ({ _id, key, crypto })
