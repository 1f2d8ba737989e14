import { randomUUID } from 'node:crypto'
import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Alert, Alerts } from '../../ports/operators/alerts.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import { isDuplicateKey } from '../mongo/duplicate-key.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'

type AlertRecord = Omit<Alert, 'at'> & {
  readonly _id: string
  readonly dataKey: number
  readonly at: Date
  readonly expiresAt: Date
}

export const alertIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  { key: { at: -1 } },
]

/** Creates its indexes first. */
export async function alertsMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Pick<Policy['operators'], 'alerts'> }): Promise<Alerts> {
  const records = connection.collection<AlertRecord>('operator_alerts', { writeConcern: majority })
  await buildIndexes(records, alertIndexes)
  const context = (record: string) => ({ collection: 'operator_alerts', record, field: 'network' })

  return {
    async raise({ network, ...alert }, once) {
      const _id = once ?? randomUUID()
      const now = clock()
      const record = {
        ...alert,
        _id,
        at: new Date(now),
        dataKey: encryption.dataKey(),
        expiresAt: new Date(now + policy.alerts * 1000),
        ...(network && { network: encryption.encrypt(network, context(_id)) }),
      }
      await records.insertOne(record).catch((error: unknown) => {
        if (!once || !isDuplicateKey(error)) throw error
      })
    },
    async latest(most) {
      const found = await records.find().sort({ at: -1 }).limit(most).toArray()
      return found.map(({ _id, kind, at, operator, network, detail, limit }) => ({
        kind,
        at: at.getTime(),
        ...(operator && { operator }),
        ...(detail && { detail }),
        ...(limit && { limit }),
        ...(network && { network: encryption.decrypt(network, context(_id)) }),
      }))
    },
  }
}
