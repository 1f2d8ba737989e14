import type { Connection } from 'mongoose'
import type { BaseLogger } from 'pino'
import { auditRecords } from './audit-collection.ts'
import type { auditDays } from './audit-days.ts'
import type { AuditEncryption } from './audit-record.ts'
import type { ChainEnd } from './chain-writer.ts'
import { isIntact } from './check-record.ts'
import type { EventDigests } from './event-digests.ts'
import { type ChainName, chainPrefix, idsBelow, placeOf } from './event-id.ts'

/** How long after midnight the processes of a day may still sign heads of their own, in ms. */
const grace = 5 * 60 * 1000

/**
 * Signs heads for what processes left uncovered that died, once their day is over. Covers events only as far as they are
 * intact and follow each other.
 */
export function closeDays({
  connection,
  encryption,
  digests,
  days,
  cover,
  log,
}: {
  readonly connection: Connection
  readonly encryption: AuditEncryption
  readonly digests: EventDigests
  readonly days: ReturnType<typeof auditDays>
  readonly cover: (end: ChainEnd) => Promise<void>
  readonly log: Pick<BaseLogger, 'error'>
}): { close(day: string): Promise<void>; closeAll(): Promise<void> } {
  const records = auditRecords(connection)

  async function coverRest({ day, process }: ChainName): Promise<void> {
    const covered = await days.headOf({ day, process })
    const begin: ChainEnd = { day, process, count: covered?.count ?? 0, hash: covered?.hash ?? '' }
    const prefix = chainPrefix(begin)
    const { $lt } = idsBelow(prefix)
    const from = `${prefix}${String(begin.count).padStart(9, '0')}`
    let end = begin
    for await (const record of records.find({ _id: { $gt: from, $lt } }).sort({ _id: 1 })) {
      const follows =
        placeOf(record._id)?.number === end.count + 1 && record.chain?.previous === end.hash
      if (!follows || !isIntact(record, { encryption, digests })) {
        log.error({ event: record._id }, 'the audit chain is broken here')
        break
      }
      end = { ...end, count: end.count + 1, hash: record.chain?.hash ?? '' }
    }
    if (end.count > begin.count) await cover(end)
  }

  async function close(day: string): Promise<void> {
    for (const chain of await days.chainsOf(day)) await coverRest(chain)
  }

  return {
    close,
    async closeAll() {
      let day = await days.nextDay(await days.lastClosed())
      while (day && days.isOver(day, grace)) {
        await close(day)
        await days.mark(day, 'closedAt')
        day = await days.nextDay(day)
      }
    },
  }
}
