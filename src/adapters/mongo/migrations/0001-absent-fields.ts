import { majority } from '../write-concern.ts'
import { forRanges } from './for-ranges.ts'
import type { Migration } from './migration.ts'

/** Fields that documents of earlier versions lack, with the value that their absence means. */
const absent = [
  { collection: 'accounts', field: 'kind', value: 'individual' },
  { collection: 'clients', field: 'owner', value: 'file' },
  { collection: 'cases', field: 'tries', value: 1 },
] as const

/** Writes the fields, so that a query finds these documents by them. */
export const absentFields: Migration = {
  name: '0001-absent-fields',
  async up(connection) {
    for (const { collection, field, value } of absent) {
      const documents = connection.collection<{ _id: string }>(collection, {
        writeConcern: majority,
      })
      await forRanges(connection, collection, (range) =>
        documents.updateMany(
          { ...range, [field]: { $exists: false } },
          { $set: { [field]: value } },
        ),
      )
    }
  },
}
