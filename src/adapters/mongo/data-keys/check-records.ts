import type { Connection } from 'mongoose'
import type { AdapterPayload } from 'oidc-provider'
import type { DurableEncryption } from '../../crypto/encryption.ts'
import { lacksReservation } from '../reservations/lacks-reservation.ts'
import {
  type EncryptedCollection,
  encryptedCollections,
  type StoredRecord,
} from './encrypted-collections.ts'
import { keyRecordsIn } from './key-records.ts'

/** The result for one collection. It contains no value of a record. */
export type CollectionCheck = {
  readonly name: string
  readonly records: number
  /** How many of them were decrypted. */
  readonly tried: number
  /** How many records each problem concerns. */
  readonly problems: ReadonlyMap<string, number>
}

/**
 * Decrypts every encrypted value of a random sample of each collection, compares the blind indexes by which a record is
 * found, and looks for the accounts of grants and tokens. It writes nothing.
 * @param encryption its `encrypt` is called for each value that was decrypted
 * @param most the size of the sample
 */
export async function* checkRecords(
  connection: Connection,
  encryption: DurableEncryption,
  most: number,
): AsyncGenerator<CollectionCheck> {
  const isThere = await presentVersions(connection)
  for (const collection of encryptedCollections) {
    const problems = new Map<string, number>()
    const add = (problem: string, count = 1) =>
      problems.set(problem, (problems.get(problem) ?? 0) + count)
    let records = 0
    for (const { version, count } of await versionsIn(connection, collection.name)) {
      records += count
      if (!isThere(version)) add(missingKey(version), count)
    }
    let tried = 0
    for await (const record of sampleOf(connection, collection.name, most)) {
      tried += 1
      const problem = await problemOf(connection, collection, record, encryption)
      if (problem) add(problem)
    }
    yield { name: collection.name, records, tried, problems }
  }
}

/** The versions of the data key that records need and `data_keys` lacks, a line for each collection. Reads every record. */
export async function missingDataKeys(connection: Connection): Promise<readonly string[]> {
  const isThere = await presentVersions(connection)
  const problems = []
  for (const { name } of encryptedCollections)
    for (const { version, count } of await versionsIn(connection, name))
      if (!isThere(version))
        problems.push(
          `${count} records of ${name} ${missingKey(version)}: restore it from a backup`,
        )
  return problems
}

const missingKey = (version: number) => `need data key ${version}, which is missing in data_keys`

async function presentVersions(connection: Connection): Promise<(version: number) => boolean> {
  const keys = await keyRecordsIn(connection).find().toArray()
  const known = new Set(keys.map(({ _id }) => _id))
  return (version) =>
    version ? known.has(`data.${version}`) : keys.some(({ _id }) => _id.startsWith('earlier.'))
}

/** How many records need each version of the data key; 0 stands for the keys of before data keys. */
async function versionsIn(connection: Connection, name: string) {
  const groups = await connection
    .collection(name)
    .aggregate<{ _id: number | null; count: number }>([
      { $group: { _id: '$dataKey', count: { $sum: 1 } } },
    ])
    .toArray()
  return groups.map(({ _id, count }) => ({ version: _id ?? 0, count }))
}

const sampleOf = (connection: Connection, name: string, size: number) =>
  connection.collection(name).aggregate<StoredRecord>([{ $sample: { size } }])

async function problemOf(
  connection: Connection,
  { name, lookups, renewed }: EncryptedCollection,
  record: StoredRecord,
  encryption: DurableEncryption,
): Promise<string | undefined> {
  try {
    const present = renewed(record, encryption)
    for (const field of lookups)
      if (!sharesIndex(present[field], record[field])) return `are not found by their ${field}`
    const isReserved = name === 'accounts' || name === 'unproved_accounts'
    if (isReserved && (await lacksReservation(connection, record)))
      return 'have a username or document that is not reserved'
    const isIssued =
      name.startsWith('oidc.') && !(await hasAccount(connection, name, record, encryption))
    return isIssued ? 'belong to an account that is missing' : undefined
  } catch (error) {
    // Another message could contain a part of the value.
    const { message } = error as Error
    return /^no (data key|pepper key) [\w. ]+$/.test(message)
      ? `cannot be decrypted: ${message}`
      : 'cannot be decrypted: changed, or encrypted with another key'
  }
}

/** During a rotation, one of two indexes is enough. A record of an earlier version has one text. */
function sharesIndex(present: unknown, stored: unknown): boolean {
  const expected = [present ?? []].flat()
  return expected.length === 0 || expected.some((index) => [stored].flat().includes(index))
}

async function hasAccount(
  connection: Connection,
  name: string,
  { _id, sealed }: StoredRecord,
  encryption: DurableEncryption,
): Promise<boolean> {
  const context = { collection: name, record: _id, field: 'payload' }
  const { accountId } = JSON.parse(encryption.decrypt(String(sealed), context)) as AdapterPayload
  if (!accountId) return true
  const accounts = connection.collection<{ _id: string }>('accounts')
  return (await accounts.findOne({ _id: accountId }, { projection: { _id: 1 } })) !== null
}
