import type { Connection } from 'mongoose'
import { atPrimary, type KeyState } from './key-records.ts'

/** A process that uses data keys. */
export type KeyReader = {
  readonly _id: string
  /** The revision of the keys that it has. */
  readonly revision: number
  /** The version with which it encrypts password hashes; absent: it encrypts none. */
  readonly pepper?: string
  /** The last migration that it knows; absent in reports of before 0002. */
  readonly schema?: string
  readonly at: Date
}

/** A rotation waits for so many ms for a process that reports no more: longer than `outdatedAfter` and a write together. */
const aliveFor = 90_000

export const readersIn = (connection: Connection) =>
  connection.collection<KeyReader>('data_key_readers', atPrimary)

const alive = { $expr: { $gt: ['$at', { $subtract: ['$$NOW', aliveFor] }] } }

/** Counts the processes that report and do not have the keys of the state yet. */
export const lateReaders = (connection: Connection, { revision }: KeyState): Promise<number> =>
  readersIn(connection).countDocuments({ ...alive, revision: { $lt: revision } })

/** The versions with which processes encrypt password hashes, and how many processes each. */
export async function peppersInUse(connection: Connection): Promise<ReadonlyMap<string, number>> {
  const used = { ...alive, pepper: { $exists: true } }
  const found = await readersIn(connection).find(used).toArray()
  const versions = found.map(({ pepper = '' }) => pepper)
  return new Map(
    [...new Set(versions)].map((version) => [
      version,
      versions.filter((each) => each === version).length,
    ]),
  )
}

/** Counts the processes of versions before a migration that may still write. */
export const readersBefore = (connection: Connection, migration: string): Promise<number> =>
  readersIn(connection).countDocuments({ ...alive, schema: { $not: { $gte: migration } } })
