import type { Connection } from 'mongoose'
import { accountReservations } from '../migrations/0002-account-reservations.ts'
import { indexesOf, reservationsIn, type UniqueIndexes } from './reservations.ts'

/** Whether a username or document of the account is not reserved, in a database where migration 0002 has run. */
export async function lacksReservation(
  connection: Connection,
  account: UniqueIndexes,
): Promise<boolean> {
  const indexes = indexesOf(account)
  const reserved = { _id: { $in: [...indexes] }, account: account._id }
  if ((await reservationsIn(connection).countDocuments(reserved)) === indexes.length) return false
  const applied = connection.collection<{ _id: string }>('schema_migrations')
  return (await applied.findOne({ _id: accountReservations.name })) !== null
}
