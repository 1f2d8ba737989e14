import type { Connection } from 'mongoose'
import { readersBefore } from '../data-keys/key-readers.ts'
import { accountReservations } from '../migrations/0002-account-reservations.ts'
import { reservationsIn, type UniqueField, uniqueFields } from './reservations.ts'
import { reserveAll } from './reserve-all.ts'

/** NamespaceExists of MongoDB's error codes. */
const namespaceExists = 48

/** Creates the collection before the first transaction, which would lock it. */
export const createReservations = (connection: Connection): Promise<unknown> =>
  connection.createCollection(reservationsIn(connection).name).catch(ignore(namespaceExists))

/** IndexNotFound of MongoDB's error codes: another process was faster. */
const indexNotFound = 27

/**
 * Drops the unique indexes of the version of before reservations. Its processes rely on them and reserve nothing, so the
 * indexes stay while one of them may still write, and what they registered is reserved first (decision 0257).
 */
export async function dropUniqueIndexes(connection: Connection): Promise<void> {
  const accounts = connection.collection('accounts')
  const unique = (await accounts.indexes()).filter(
    ({ unique, key }) =>
      unique && Object.keys(key).some((field) => uniqueFields.includes(field as UniqueField)),
  )
  if (!unique.length || (await readersBefore(connection, accountReservations.name))) return
  await reserveAll(connection)
  for (const { name = '' } of unique) await accounts.dropIndex(name).catch(ignore(indexNotFound))
}

const ignore = (expected: number) => (error: { readonly code?: unknown }) => {
  if (error.code !== expected) throw error
}
