import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { AuditExports } from '../../ports/operators/audit-exports.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'

type ExportsRecord = {
  /** The operator or API client. */
  readonly _id: string
  readonly taken: readonly { readonly at: Date; readonly events: number }[]
  readonly expiresAt: Date
}

export const auditExportIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]

/** Creates its index first. */
export async function auditExportsMongo({
  connection,
  clock,
  policy: { most, window },
}: Pick<MongoStore, 'connection' | 'clock'> & {
  readonly policy: Policy['operators']['auditExport']
}): Promise<AuditExports> {
  const records = connection.collection<ExportsRecord>('audit_exports', { writeConcern: majority })
  await buildIndexes(records, auditExportIndexes)

  return {
    async take(_id, events) {
      const at = new Date(clock())
      const expiresAt = new Date(clock() + window * 1000)
      await records.updateOne({ _id }, { $setOnInsert: { taken: [], expiresAt } }, { upsert: true })
      const begin = new Date(clock() - window * 1000)
      const recent = { $filter: { input: '$taken', cond: { $gt: ['$$this.at', begin] } } }
      const before = { $sum: { $map: { input: recent, in: '$$this.events' } } }
      // The condition and the change are one step, so that concurrent exports are added up.
      const { matchedCount } = await records.updateOne(
        { _id, $expr: { $lte: [{ $add: [before, events] }, most] } },
        [{ $set: { taken: { $concatArrays: [recent, [{ at, events }]] }, expiresAt } }],
      )
      return matchedCount === 1
    },
  }
}
