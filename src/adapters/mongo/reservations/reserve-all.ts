import type { Connection } from 'mongoose'
import { forRanges } from '../migrations/for-ranges.ts'
import { type UniqueIndexes, uniqueFields } from './reservations.ts'
import { reserveExisting } from './reserve-existing.ts'

/** Reserves the indexes of all accounts. Throws `DuplicateAccounts`. */
export async function reserveAll(connection: Connection): Promise<void> {
  const accounts = connection.collection<UniqueIndexes>('accounts')
  const projection = Object.fromEntries(uniqueFields.map((field) => [field, 1]))
  await forRanges(connection, 'accounts', async (range) =>
    reserveExisting(connection, await accounts.find(range, { projection }).toArray()),
  )
}
