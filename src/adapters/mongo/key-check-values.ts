import { hkdfSync } from 'node:crypto'
import type { Connection } from 'mongoose'
import { BadEnvironment } from '../../../config/environment/bad-environment.ts'
import { type DataKey, fieldEncryption } from '../crypto/encryption.ts'
import { decrypts, encryptedSamples, isFound } from './encrypted-samples.ts'
import { majority } from './write-concern.ts'

/** The keys on which data in MongoDB depend, by the names of their settings. */
export type StoredDataKeys = {
  readonly DATA_KEYS: readonly DataKey[]
  readonly DIGEST_KEY: Buffer
}

type CheckValue = {
  /** `DATA_KEYS.VERSION` or `DIGEST_KEY`. */
  readonly _id: string
  readonly value: string
}

/**
 * Compares the keys with the check values in MongoDB and stores the values of new keys (decision 0188). Processes that
 * start at the same time agree: each inserts a value only where there is none, and then compares again. Throws
 * `BadEnvironment` with all problems of all keys.
 */
export async function recordKeys(connection: Connection, keys: StoredDataKeys): Promise<void> {
  const unknown = await refuseOtherKeys(connection, keys)
  if (unknown.length === 0) return
  await valuesIn(connection).bulkWrite(
    unknown.map(({ _id, value }) => ({
      updateOne: { filter: { _id }, update: { $setOnInsert: { value } }, upsert: true },
    })),
  )
  await refuseOtherKeys(connection, keys)
}

/** Compares only. Returns the check values that are not stored yet, or throws `BadEnvironment`. */
export async function refuseOtherKeys(
  connection: Connection,
  keys: StoredDataKeys,
): Promise<readonly CheckValue[]> {
  const stored = await valuesIn(connection).find().toArray()
  const given = checkValuesOf(keys)
  const known = new Map(stored.map(({ _id, value }) => [_id, value]))
  const unknown = given.filter(({ _id }) => !known.has(_id))
  const names = new Set(given.map(({ _id }) => _id))
  const problems = [
    ...given
      .filter(({ _id, value }) => known.has(_id) && known.get(_id) !== value)
      .map(({ _id }) => otherKey(_id)),
    ...stored.filter(({ _id }) => !names.has(_id)).map(({ _id }) => missingKey(_id)),
    // Keys without a check value are tried on stored data, if there is any.
    ...(unknown.length ? await problemsWithData(connection, keys) : []),
  ]
  if (problems.length) throw new BadEnvironment([...new Set(problems)])
  return unknown
}

const valuesIn = (connection: Connection) =>
  connection.collection<CheckValue>('key_check_values', { writeConcern: majority })

const nameOf = (version: string) => `DATA_KEYS.${version}`

const checkValuesOf = ({ DATA_KEYS, DIGEST_KEY }: StoredDataKeys): readonly CheckValue[] => [
  ...DATA_KEYS.map(({ version, key }) => checkValue(nameOf(version), key)),
  checkValue('DIGEST_KEY', DIGEST_KEY),
]

/** HKDF (RFC 5869) with its own `info`: the value reveals neither the key nor anything else that is derived from it. */
function checkValue(_id: string, key: Buffer): CheckValue {
  const value = hkdfSync('sha256', key, '', `key check value\0${_id}`, 32)
  return { _id, value: Buffer.from(value).toString('base64url') }
}

async function problemsWithData(
  connection: Connection,
  { DATA_KEYS, DIGEST_KEY }: StoredDataKeys,
): Promise<readonly string[]> {
  const encryption = fieldEncryption(DATA_KEYS, DIGEST_KEY)
  const versions = new Set(DATA_KEYS.map(({ version }) => version))
  const { values, accounts } = await encryptedSamples(connection)
  return [
    ...values
      .filter((sample) => !decrypts(encryption, sample))
      .map(({ encrypted }) => encrypted.split('.', 1)[0] ?? '')
      .map((version) => (versions.has(version) ? otherKey : missingKey)(nameOf(version))),
    ...(accounts.some((account) => isFound(encryption, account) === false)
      ? [otherKey('DIGEST_KEY')]
      : []),
  ]
}

function otherKey(name: string): string {
  const [setting, version] = name.split('.')
  return version
    ? `${setting}: version ${version} is not the key of that version in this MongoDB database: give that key back, or give a new key another version`
    : `${setting}: is not the key of this MongoDB database: give that key back, since no account is found with another one`
}

function missingKey(name: string): string {
  const [setting, version] = name.split('.')
  return `${setting}: version ${version} is missing, and data of this MongoDB database may be encrypted with it: give its key back, behind the first one`
}
