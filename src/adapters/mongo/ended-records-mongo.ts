import type { mongo } from 'mongoose'
import { buildIndexes } from './build-indexes.ts'
import type { MongoStore } from './mongo-store.ts'
import { majority } from './write-concern.ts'

/**
 * Things that ended or were used, for as long as Redis could have them again after it lost its last writes (decision 0252). A thing
 * is named by a text, e.g. `Session:` and its uid; an owner is an account or a client.
 */
export type EndedRecords = {
  /** Resolves when a majority has stored that it ended. */
  end(owner: string, thing: string): Promise<void>
  /** Everything of an owner that ended, in the form of `indexOf`; `many` if it is too much for a list. */
  endedOf(owner: string): Promise<readonly string[] | 'many'>
  /** Whether one of these things ended. */
  hasEnded(things: readonly string[]): Promise<boolean>
  indexOf(thing: string): string
  /** Whether this is its first use. */
  useOnce(thing: string): Promise<boolean>
}

type Stored = {
  /** Blind index of the thing. */
  readonly _id: string
  /** Blind index of the owner. Absent: it was used. */
  readonly owner?: string
  readonly expiresAt: Date
}

/** Longer than Redis keeps a session without use, a code or a token, in ms. */
const kept = 3_600_000

export const endedRecordIndexes: mongo.IndexDescription[] = [
  { key: { owner: 1 }, sparse: true },
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]

/**
 * Creates its indexes first.
 * @param most the length of a list: a client can revoke any number of tokens in an hour
 */
export async function endedRecordsMongo(
  { connection, encryption, clock }: MongoStore,
  most = 1000,
): Promise<EndedRecords> {
  const collection = connection.collection<Stored>('ended', { writeConcern: majority })
  await buildIndexes(collection, endedRecordIndexes)
  const indexOf = (thing: string) => encryption.blindIndex('ended', thing)
  const ownerOf = (owner: string) => encryption.blindIndex('ended.owner', owner)
  const expiresAt = () => new Date(clock() + kept)

  return {
    indexOf,
    async end(owner, thing) {
      const record = { owner: ownerOf(owner), expiresAt: expiresAt() }
      await collection.updateOne({ _id: indexOf(thing) }, { $set: record }, { upsert: true })
    },
    async endedOf(owner) {
      const ended = collection.find({ owner: ownerOf(owner) }, { projection: { _id: 1 } })
      const ids = (await ended.limit(most + 1).toArray()).map(({ _id }) => _id)
      return ids.length > most ? 'many' : ids
    },
    hasEnded: async (things) =>
      (await collection.findOne({ _id: { $in: things.map(indexOf) } })) !== null,
    async useOnce(thing) {
      const first = { $setOnInsert: { expiresAt: expiresAt() } }
      const { upsertedCount } = await collection.updateOne({ _id: indexOf(thing) }, first, {
        upsert: true,
      })
      return upsertedCount === 1
    },
  }
}
