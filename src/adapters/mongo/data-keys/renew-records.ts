import type { Connection } from 'mongoose'
import type { DurableEncryption } from '../../crypto/encryption.ts'
import { majority } from '../write-concern.ts'
import type { EncryptedCollection, StoredRecord } from './encrypted-collections.ts'

/** Records read and written at a time. */
const batch = 500

export type Renewal = {
  readonly renewed: number
  /** Records that changed while they were renewed. The next pass finds them. */
  readonly missed: number
  /** The ids of records that no key decrypts: somebody changed them, or their key is missing. */
  readonly unreadable: readonly string[]
}

const recordsIn = (connection: Connection, { name }: EncryptedCollection) =>
  connection.collection<StoredRecord>(name, { writeConcern: majority })

/** The index by which `renewRecords` and `countRecords` find the records of a data key. */
export const dataKeyIndex = { dataKey: 1, _id: 1 } as const

/**
 * Renews the records of a collection whose `dataKey` is one of `stale`; `null` stands for records without one. A record that
 * changes meanwhile is left as it is and found by the next pass. `onBatch` is called with the number of renewed records.
 */
export async function renewRecords(
  connection: Connection,
  collection: EncryptedCollection,
  encryption: DurableEncryption,
  stale: readonly (number | null)[],
  onBatch: (renewed: number) => Promise<void>,
): Promise<Renewal> {
  const records = recordsIn(connection, collection)
  const unreadable: string[] = []
  let renewed = 0
  let missed = 0
  for (const dataKey of stale)
    for (let last: string | undefined; ; ) {
      const found = await records
        .find({ dataKey, ...(last !== undefined && { _id: { $gt: last } }) })
        .sort({ _id: 1 })
        .limit(batch)
        .toArray()
      last = found.at(-1)?._id
      if (last === undefined) break
      const renewals = found.flatMap((record) => {
        const renewal = renewalOf(record, collection, encryption)
        if (!renewal) unreadable.push(record._id)
        return renewal ?? []
      })
      await collection.prepare?.(
        connection,
        renewals.map(({ filter: { _id }, update: { $set } }) => ({ ...$set, _id })),
      )
      const writes = renewals.map((updateOne) => ({ updateOne }))
      const { matchedCount = 0 } = writes.length
        ? await records.bulkWrite(writes, { ordered: false })
        : {}
      renewed += matchedCount
      missed += writes.length - matchedCount
      await onBatch(renewed)
    }
  return { renewed, missed, unreadable }
}

/** Replaces the fields only if they are as they were read. Undefined if the record can not be decrypted. */
function renewalOf(
  record: StoredRecord,
  { renewed }: EncryptedCollection,
  encryption: DurableEncryption,
) {
  const dataKey = encryption.dataKey()
  try {
    const fields = Object.entries(renewed(record, encryption))
    const asRead = fields.map(([field]) => [field, record[field] ?? { $exists: false }])
    const set = Object.fromEntries(fields.filter(([, value]) => value !== undefined))
    return {
      filter: { _id: record._id, ...Object.fromEntries(asRead) },
      update: { $set: { ...set, dataKey } },
    }
  } catch {
    return undefined
  }
}

/** Removes the lookup indexes of all versions but one from a collection. `onBatch` is called before each write. */
export async function removeOtherIndexes(
  connection: Connection,
  collection: EncryptedCollection,
  version: number,
  onBatch: () => Promise<void>,
): Promise<void> {
  const records = recordsIn(connection, collection)
  const present = `i${version}.`
  const ofPresent = (field: string) => ({
    $cond: [
      { $isArray: `$${field}` },
      {
        $filter: {
          input: `$${field}`,
          cond: { $eq: [{ $substrCP: ['$$this', 0, present.length] }, present] },
        },
      },
      `$${field}`,
    ],
  })
  const { lookups } = collection
  const update = { $set: Object.fromEntries(lookups.map((field) => [field, ofPresent(field)])) }
  if (!lookups.length) return
  for (let last: string | undefined; ; ) {
    const after = last === undefined ? {} : { _id: { $gt: last } }
    const ids = await records
      .find(after, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(2000)
      .toArray()
    const end = ids.at(-1)?._id
    if (end === undefined) return
    const range = { _id: { ...(last !== undefined && { $gt: last }), $lte: end } }
    const several = { $or: lookups.map((field) => ({ [`${field}.1`]: { $exists: true } })) }
    await onBatch()
    await records.updateMany({ ...range, ...several }, [update])
    last = end
  }
}
