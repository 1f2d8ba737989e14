import type { Connection, mongo } from 'mongoose'
import { buildIndexes } from '../mongo/build-indexes.ts'
import { majority } from '../mongo/write-concern.ts'
import type { AuditRecord } from './audit-record.ts'

export const auditRecords = (connection: Connection) =>
  connection.collection<AuditRecord>('audit', { writeConcern: majority, ignoreUndefined: true })

/** Every query reads in the order of time and id, from either end. */
const byTime = { at: -1, _id: -1 } as const

/** Only events that have the field are in its index. */
const present = (field: string) => ({
  key: { [field]: 1, ...byTime } as const,
  partialFilterExpression: { [field]: { $exists: true } },
})

/**
 * An index for each filter of `find`. The ids themselves are the index of chains and days. Events from before the chain
 * have a time to live of their own, whose index their version created.
 */
export const auditIndexes: mongo.IndexDescription[] = [
  { key: byTime },
  { key: { what: 1, ...byTime } },
  ...['accountId', 'clientId', 'operator', 'flow', 'addressIndexes'].map(present),
]

export const auditHeadIndexes: mongo.IndexDescription[] = [
  { key: { day: 1, process: 1, count: -1 } },
]

export async function createAuditIndexes(connection: Connection): Promise<void> {
  await buildIndexes(auditRecords(connection), auditIndexes)
  await buildIndexes(connection.collection('audit_heads'), auditHeadIndexes)
}
