import type { Connection, mongo } from 'mongoose'
import { isDuplicateKey } from '../duplicate-key.ts'
import {
  indexesOf,
  releaseUnused,
  reservationsIn,
  type UniqueIndexes,
  uniqueFields,
} from './reservations.ts'

/** Two accounts have the same username or document. The message names both accounts, and no value. */
export class DuplicateAccounts extends Error {
  override readonly name = 'DuplicateAccounts'
}

/** Reserves the indexes of accounts that exist; it may be repeated. Throws `DuplicateAccounts`. */
export async function reserveExisting(
  connection: Connection,
  accounts: readonly UniqueIndexes[],
): Promise<void> {
  const wanted = accounts.flatMap((account) =>
    indexesOf(account).map((index) => ({ account, index })),
  )
  if (!wanted.length) return
  const writes = wanted.map(({ account, index }) => ({
    updateOne: {
      filter: { _id: index, account: account._id },
      update: { $setOnInsert: { writes: 0 } },
      upsert: true,
    },
  }))
  try {
    await reservationsIn(connection).bulkWrite(writes, { ordered: false })
  } catch (error) {
    if (!isDuplicateKey(error)) throw error
    const refused = [(error as mongo.MongoBulkWriteError).writeErrors]
      .flat()
      .flatMap(({ index }) => wanted[index] ?? [])
    let released = false
    for (const { account } of refused) if (await releaseUnused(connection, account)) released = true
    if (!released) throw new DuplicateAccounts(await sameAccounts(connection, refused))
    await reserveExisting(connection, accounts)
  }
}

async function sameAccounts(
  connection: Connection,
  refused: readonly { readonly account: UniqueIndexes; readonly index: string }[],
): Promise<string> {
  const lines: string[] = []
  for (const { account, index } of refused) {
    const other = await reservationsIn(connection).findOne({ _id: index })
    const field = uniqueFields.find((each) => [account[each] ?? []].flat().includes(index))
    const what = field === 'usernameDigest' ? 'username' : 'document'
    lines.push(`accounts: ${other?.account} and ${account._id} have the same ${what}`)
  }
  return [...new Set(lines)].join('\n')
}
