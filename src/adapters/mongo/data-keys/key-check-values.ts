import { hkdfSync } from 'node:crypto'
import type { Connection } from 'mongoose'
import { BadEnvironment } from '../../../../config/environment/bad-environment.ts'
import { majority } from '../write-concern.ts'
import type { KeySettings } from './create-keys.ts'
import { decrypts, encryptedSamples, isFound } from './encrypted-samples.ts'
import { missingKey, otherKey } from './key-problems.ts'
import { keyRecordsIn } from './key-records.ts'

type GivenKeys = Pick<KeySettings, 'DATA_KEYS' | 'PEPPER_KEYS' | 'DIGEST_KEY'>

type CheckValue = {
  /** `DATA_KEYS.VERSION`, `PEPPER_KEYS.VERSION` or `DIGEST_KEY`. */
  readonly _id: string
  readonly value: string
  /** A rotation has ended since, and nothing depends on the key. Another one may be `DIGEST_KEY`. */
  readonly retired?: true
}

/**
 * Compares the keys with the check values in MongoDB and stores the values of new keys (decision 0188). Processes that
 * start at the same time agree: each inserts a value only where there is none, and then compares again. Throws
 * `BadEnvironment` with all problems of all keys.
 */
export async function recordKeys(connection: Connection, keys: GivenKeys): Promise<void> {
  const unknown = await refuseOtherKeys(connection, keys)
  const values = valuesIn(connection)
  // The first pepper encrypts from now on, also one that a rotation has replaced: it is needed again.
  const [pepper] = keys.PEPPER_KEYS ?? []
  if (pepper)
    await values.updateOne({ _id: pepperName(pepper.version) }, { $unset: { retired: '' } })
  if (unknown.length === 0) return
  await values.bulkWrite(
    unknown.map(({ _id, value }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: { value } }, upsert: true },
    })),
  )
  await refuseOtherKeys(connection, keys)
}

/** Compares only. Returns the check values that are not stored yet, or throws `BadEnvironment`. */
export async function refuseOtherKeys(
  connection: Connection,
  keys: GivenKeys,
): Promise<readonly CheckValue[]> {
  const all = await valuesIn(connection).find().toArray()
  const stored = all.filter(({ retired }) => !retired)
  const wrapped = await keyRecordsIn(connection).find().toArray()
  const given = checkValuesOf(keys)
  // The version of a retired pepper stays taken: backups have hashes under its key.
  const comparable = all.filter(({ _id, retired }) => !retired || isPepper(_id))
  const known = new Map(comparable.map(({ _id, value }) => [_id, value]))
  const unknown = given.filter(({ _id }) => !known.has(_id))
  const names = new Set(given.map(({ _id }) => _id))
  // Without data keys, everything that has a value may be needed; with them, only what wraps one of them.
  const needed = wrapped.length
    ? [
        ...wrapped
          .filter(({ provider }) => provider === 'env')
          .map(({ keyVersion }) => nameOf(keyVersion)),
        ...stored.map(({ _id }) => _id).filter(isPepper),
      ]
    : stored.map(({ _id }) => _id)
  const problems = [
    ...given
      .filter(({ _id, value }) => known.has(_id) && known.get(_id) !== value)
      .map(({ _id }) => otherKey(_id)),
    ...needed.filter((_id) => !names.has(_id)).map(missingKey),
    // Keys without a check value are tried on stored data of before data keys, if there is any.
    ...(unknown.length && !wrapped.length ? await problemsWithData(connection, keys) : []),
  ]
  if (problems.length) throw new BadEnvironment([...new Set(problems)])
  return unknown
}

/** After a rotation: `DIGEST_KEY` may be left out, or replaced by any other. */
export async function retireDigestKey(connection: Connection): Promise<void> {
  await valuesIn(connection).updateOne({ _id: 'DIGEST_KEY' }, { $set: { retired: true } })
}

/** After a rotation every hash has the pepper of this version: the others may be left out. */
export async function retireOtherPeppers(connection: Connection, version: string): Promise<void> {
  const others = { _id: { $regex: '^PEPPER_KEYS\\.', $ne: pepperName(version) } }
  await valuesIn(connection).updateMany(others, { $set: { retired: true } })
}

/** The versions of `PEPPER_KEYS` on which no hash depends. */
export async function retiredPeppers(connection: Connection): Promise<readonly string[]> {
  const retired = await valuesIn(connection).find({ retired: true }).toArray()
  return retired.filter(({ _id }) => isPepper(_id)).map(({ _id }) => _id.split('.')[1] ?? '')
}

const valuesIn = (connection: Connection) =>
  connection.collection<CheckValue>('key_check_values', { writeConcern: majority })

const nameOf = (version: string) => `DATA_KEYS.${version}`
const pepperName = (version: string) => `PEPPER_KEYS.${version}`
const isPepper = (_id: string) => _id.startsWith('PEPPER_KEYS.')

const checkValuesOf = ({
  DATA_KEYS,
  PEPPER_KEYS = [],
  DIGEST_KEY,
}: GivenKeys): readonly CheckValue[] => [
  ...DATA_KEYS.map(({ version, key }) => checkValue(nameOf(version), key)),
  ...PEPPER_KEYS.map(({ version, key }) => checkValue(pepperName(version), key)),
  ...(DIGEST_KEY ? [checkValue('DIGEST_KEY', DIGEST_KEY)] : []),
]

/** HKDF (RFC 5869) with its own `info`: the value reveals neither the key nor anything else that is derived from it. */
function checkValue(_id: string, key: Buffer): CheckValue {
  const value = hkdfSync('sha256', key, '', `key check value\0${_id}`, 32)
  return { _id, value: Buffer.from(value).toString('base64url') }
}

async function problemsWithData(
  connection: Connection,
  keys: GivenKeys,
): Promise<readonly string[]> {
  const versions = new Set(keys.DATA_KEYS.map(({ version }) => version))
  const { values, accounts } = await encryptedSamples(connection)
  const [account] = accounts
  return [
    ...values
      .filter((sample) => !decrypts(keys.DATA_KEYS, sample))
      .map(({ encrypted }) => encrypted.split('.', 1)[0] ?? '')
      .map((version) => (versions.has(version) ? otherKey : missingKey)(nameOf(version))),
    ...(values.length && !keys.DIGEST_KEY ? [missingKey('DIGEST_KEY')] : []),
    ...(account && keys.DIGEST_KEY && accounts.some((each) => isFound(keys, each) === false)
      ? [otherKey('DIGEST_KEY')]
      : []),
  ]
}
