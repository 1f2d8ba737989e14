import type { ClientSession, Connection } from 'mongoose'
import { isDuplicateKey } from '../duplicate-key.ts'
import { transaction } from '../transaction.ts'
import { majority } from '../write-concern.ts'

/** A blind index that one account has, and no other one can have (decision 0257). `_id` is the shard key. */
type Reservation = {
  /** The blind index. Those of usernames and of documents are never the same. */
  readonly _id: string
  readonly account: string
  /** Grows with each write, so that a transaction that removes the reservation collides with one that uses it. */
  readonly writes: number
}

/** The fields of an account by which it is unique: blind indexes, or one of them in records of an earlier version. */
export const uniqueFields = ['usernameDigest', 'documentDigest'] as const
export type UniqueField = (typeof uniqueFields)[number]
export type UniqueIndexes = { readonly _id: string } & Readonly<
  Partial<Record<UniqueField, readonly string[] | string>>
>

export const reservationsIn = (connection: Connection) =>
  connection.collection<Reservation>('account_reservations', { writeConcern: majority })

/** The indexes of an account, those of its username first. */
export const indexesOf = (account: UniqueIndexes): readonly string[] =>
  uniqueFields.flatMap((field) => account[field] ?? [])

/**
 * Reserves all indexes for the account, within a transaction. Throws DuplicateKey if another account has one of them. What
 * the account has reserved before is written again: `releaseUnused` must not remove it meanwhile.
 */
export async function reserve(
  connection: Connection,
  account: UniqueIndexes,
  session: ClientSession,
): Promise<void> {
  const writes = indexesOf(account).map((index) => ({
    updateOne: {
      filter: { _id: index, account: account._id },
      update: { $inc: { writes: 1 } },
      upsert: true,
    },
  }))
  if (writes.length) await reservationsIn(connection).bulkWrite(writes, { session })
}

/** Ends the reservations of those indexes that the account has no more, as `kept` says. */
export async function release(
  connection: Connection,
  kept: UniqueIndexes,
  indexes: readonly string[],
  session: ClientSession,
): Promise<void> {
  const gone = indexes.filter((index) => !indexesOf(kept).includes(index))
  const filter = { _id: { $in: gone }, account: kept._id }
  if (gone.length) await reservationsIn(connection).deleteMany(filter, { session })
}

/**
 * Runs a transaction that reserves the indexes of `wanted`. When another account has one of them, but is erased or does not
 * have that username or document any more, its reservation is removed and the transaction runs again. Throws DuplicateKey.
 */
export async function reserving<Result>(
  connection: Connection,
  wanted: UniqueIndexes,
  work: (session: ClientSession) => Promise<Result>,
): Promise<Result> {
  for (;;)
    try {
      return await transaction(connection, work)
    } catch (error) {
      if (!isDuplicateKey(error) || !(await releaseUnused(connection, wanted))) throw error
    }
}

/**
 * Removes the reservations that other accounts have of these indexes and do not use, for example after an erasure by a
 * version of before reservations. Returns whether there were any.
 */
export const releaseUnused = (connection: Connection, wanted: UniqueIndexes): Promise<boolean> =>
  transaction(
    connection,
    async (session) => {
      let found = 0
      for (const field of uniqueFields) {
        const indexes = [wanted[field] ?? []].flat()
        const others = { _id: { $in: indexes }, account: { $ne: wanted._id } }
        for (const { _id, account } of await reservationsIn(connection)
          .find(others, { session })
          .toArray()) {
          // During a rotation the account may not have this index yet, but it has the one of the key before.
          const uses = { _id: account, [field]: { $in: indexes } }
          if (await isUsed(connection, field, uses, session)) continue
          await reservationsIn(connection).deleteOne({ _id, account }, { session })
          found += 1
        }
      }
      return found > 0
    },
    // On a sharded cluster another read could find the reservation, and not yet the account of the same transaction.
    { level: 'snapshot' },
  )

/** Whether an account uses them, or an unproved account, which reserves a username only. */
async function isUsed(
  connection: Connection,
  field: UniqueField,
  uses: { readonly _id: string },
  session: ClientSession,
): Promise<boolean> {
  const unproved = field === 'usernameDigest' ? ['unproved_accounts'] : []
  for (const name of ['accounts', ...unproved])
    if (await connection.collection<UniqueIndexes>(name).findOne(uses, { session })) return true
  return false
}
