import type { mongo } from 'mongoose'
import mongoose from 'mongoose'
import {
  type ProcessReport,
  type ProcessReports,
  reportLifetime,
} from '../../ports/process-reports.ts'
import { buildIndexes } from './build-indexes.ts'
import type { MongoStore } from './mongo-store.ts'

type Stored = {
  /** The id of the process. */
  readonly _id: string
  readonly found: ProcessReport['found']
  readonly at: Date
}

/** WriteConcernTimeout of MongoDB's error codes. */
const writeConcernTimeout = 64

/** Shorter than the deadline of a readiness check, so that MongoDB itself answers what is missing. */
const writeConcern = { w: 'majority', wtimeoutMS: 1000 } as const

export const processReportIndexes: mongo.IndexDescription[] = [
  { key: { at: 1 }, expireAfterSeconds: 3600 },
]

/** Creates its index first. */
export async function processReportsMongo({
  connection,
  clock,
}: Omit<MongoStore, 'encryption'>): Promise<ProcessReports> {
  const collection = connection.collection<Stored>('processes')
  await buildIndexes(collection, processReportIndexes)
  return {
    async write({ process, found }) {
      const report = { $set: { found, at: new Date(clock()) } }
      await collection.updateOne({ _id: process }, report, { upsert: true, writeConcern })
    },
    async latest() {
      const since = new Date(clock() - reportLifetime)
      const stored = await collection.find({ at: { $gt: since } }).toArray()
      return stored.map(({ _id, found }) => ({ process: _id, found }))
    },
    describe(error) {
      if (!(error instanceof mongoose.mongo.MongoServerError)) return 'no primary answers'
      if (error.code === writeConcernTimeout) return 'no write majority'
      return `refuses writes (${error.codeName ?? error.code})`
    },
  }
}
