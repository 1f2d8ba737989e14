import type { Connection } from 'mongoose'
import type { Clock } from '../../ports/clock.ts'
import { majority } from '../mongo/write-concern.ts'
import { auditRecords } from './audit-collection.ts'
import type { AuditKeys } from './audit-keys.ts'
import { type ChainName, chainPrefix, endOfDay, idsBelow, placeOf } from './event-id.ts'
import { headRecords } from './head-ledger.ts'
import { type AuditHead, readHead } from './head-signature.ts'

/** A day that is over, by its date. */
type DayRecord = { readonly _id: string; readonly closedAt?: Date; readonly removedAt?: Date }

/** Reads a closed day's chains, and keeps which days are closed or removed. */
export function auditDays(connection: Connection, keys: AuditKeys, clock: Clock) {
  const events = auditRecords(connection)
  const days = connection.collection<DayRecord>('audit_days', { writeConcern: majority })

  const firstAfter = (id: string, before = ':') =>
    events.findOne({ _id: { $gt: id, $lt: before } }, { sort: { _id: 1 }, projection: { _id: 1 } })

  /** Whether this call was the first one to mark the day. */
  async function mark(day: string, fact: 'closedAt' | 'removedAt'): Promise<boolean> {
    await days.updateOne({ _id: day }, { $setOnInsert: {} }, { upsert: true })
    const unmarked = { _id: day, [fact]: { $exists: false } }
    const { modifiedCount } = await days.updateOne(unmarked, {
      $set: { [fact]: new Date(clock()) },
    })
    return modifiedCount === 1
  }

  return {
    mark,
    /** The first day with events after another one. */
    async nextDay(after: string): Promise<string | undefined> {
      const found = await firstAfter(`${after}/`)
      return found ? found._id.split('.', 1)[0] : undefined
    },
    async lastClosed(): Promise<string> {
      const isClosed = { closedAt: { $exists: true } }
      return (await days.findOne(isClosed, { sort: { _id: -1 } }))?._id ?? ''
    },
    /** One query for each chain: the next event whose id is above all of the chain before. */
    async chainsOf(day: string): Promise<readonly ChainName[]> {
      const chains: ChainName[] = []
      let after = `${day}.`
      for (;;) {
        const found = await firstAfter(after, `${day}/`)
        if (!found) return chains
        const place = placeOf(found._id)
        if (place) chains.push(place)
        after = place ? idsBelow(chainPrefix(place)).$lt : found._id
      }
    },
    /** The signed head with the most events of a chain. */
    async headOf({ day, process }: ChainName): Promise<AuditHead | undefined> {
      const found = await headRecords(connection).findOne({ day, process }, { sort: { count: -1 } })
      return found ? readHead(found.jws, keys) : undefined
    },
    /** Removes up to `most` events of a day; false if none is left. */
    async removeSome(day: string, most: number): Promise<boolean> {
      const range = { _id: idsBelow(`${day}.`) }
      const found = await events
        .find(range, { projection: { _id: 1 } })
        .limit(most)
        .toArray()
      if (found.length) await events.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } })
      return found.length > 0
    },
    isOver: (day: string, since: number) => endOfDay(day) + since <= clock(),
  }
}
