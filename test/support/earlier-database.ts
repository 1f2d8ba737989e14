import { readFileSync } from 'node:fs'
import mongoose, { type Connection } from 'mongoose'
import type { SamplePerson } from './people.ts'

const { EJSON } = mongoose.mongo.BSON

type EarlierDatabase = {
  /** Keys that this fixture alone uses. */
  readonly keys: { readonly DATA_KEYS: string; readonly DIGEST_KEY: string }
  /** An invented person with security questions and grants at `exam` and `shop`. */
  readonly person: SamplePerson
  /** The handler of an invented unit, with the username and password of the unit's account. */
  readonly unit: SamplePerson
  /** The refresh token of the person at `exam`; valid for a century. */
  readonly refreshToken: string
  readonly collections: Readonly<Record<string, readonly { readonly _id: string }[]>>
}

/** All documents of a platform of 2026-11-29 (commit b369920), before schemas had a version. */
export const earlierDatabase: EarlierDatabase = EJSON.parse(
  readFileSync(new URL('earlier-database.json', import.meta.url), 'utf8'),
) as EarlierDatabase

/** Fills an empty database with them. Some also lack fields that had been added not long before. */
export async function loadEarlierDatabase(mongodb: Connection): Promise<void> {
  for (const [name, documents] of Object.entries(earlierDatabase.collections))
    await mongodb.collection<{ _id: string }>(name).insertMany([...documents])
  await mongodb.collection('accounts').updateMany({ kind: 'individual' }, { $unset: { kind: '' } })
  await mongodb.collection('clients').updateMany({ owner: 'file' }, { $unset: { owner: '' } })
}
