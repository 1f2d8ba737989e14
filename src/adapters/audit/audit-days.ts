import type { Connection } from 'mongoose'
import type { Clock } from '../../ports/clock.ts'
import { majority } from '../mongo/write-concern.ts'
import { auditRecords } from './audit-collection.ts'
import type { AuditKeys } from './audit-keys.ts'
import { auditDayOf, type ChainName, chainPrefix, endOfDay, idsBelow, placeOf } from './event-id.ts'
import { headRecords } from './head-ledger.ts'
import { type AuditHead, readHead } from './head-signature.ts'

/** A day that is over, by its date. */
type DayRecord = { readonly _id: string; readonly closedAt?: Date; readonly removedAt?: Date }

/**
 * The ids of all days up to the year after today's, as ranges of the index. The UUIDs of events from before the chain
 * are in none of them: their fifth character is never a dash.
 */
const idsOfYears = (today: string): readonly RegExp[] => {
  const count = Number(today.slice(0, 4)) + 2 - firstYear
  return Array.from({ length: count }, (_, index) => new RegExp(`^${firstYear + index}-`))
}

/** Earlier than any event. */
const firstYear = 2020

/** Reads a closed day's chains, and keeps which days are closed or removed. */
export function auditDays(connection: Connection, keys: AuditKeys, clock: Clock) {
  const events = auditRecords(connection)
  const days = connection.collection<DayRecord>('audit_days', { writeConcern: majority })

  const firstOf = (range: object) =>
    events.findOne({ _id: range }, { sort: { _id: 1 }, projection: { _id: 1 } })

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
    /** The first day with events after another one. Ids that name no day are passed over. */
    async nextDay(after: string): Promise<string | undefined> {
      let behind = `${after}/`
      for (;;) {
        const found = await firstOf({ $gt: behind, $in: idsOfYears(auditDayOf(clock())) })
        const day = found?._id.split('.', 1)[0]
        if (!found || (day && !Number.isNaN(endOfDay(day)))) return day
        behind = found._id
      }
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
        const found = await firstOf({ $gt: after, $lt: `${day}/` })
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
