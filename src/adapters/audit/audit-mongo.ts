import type { BaseLogger } from 'pino'
import type { Audit } from '../../ports/audit.ts'
import type { AuditOutlet } from '../../ports/audit-outlet.ts'
import type { AuditVerification } from '../../ports/audit-verification.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { auditRecords, createAuditIndexes } from './audit-collection.ts'
import { auditDays } from './audit-days.ts'
import { auditKeys } from './audit-keys.ts'
import { linkedRecord } from './audit-record.ts'
import { type ChainEnd, chainWriter } from './chain-writer.ts'
import { closeDays } from './close-days.ts'
import { eventDigests } from './event-digests.ts'
import { findEvents } from './find-events.ts'
import { forgetAccount } from './forget-account.ts'
import { headLedger } from './head-ledger.ts'
import { removeExpiredDays } from './remove-expired-days.ts'
import { auditVerification } from './verify-audit.ts'

/** The audit, and what has to be done for it from time to time (`auditUpkeep`). */
export type AuditTrail = Audit &
  AuditVerification & {
    /** Signs, stores and sends a head for each chain of this process that has new events. */
    cover(): Promise<void>
    /** Covers the last events and ends the outlets. Later events are stored and not sent. */
    close(): Promise<void>
    /** Covers what dead processes left in days that are over, and removes days whose retention is over. */
    keepHouse(): Promise<void>
    /** The public keys of heads, as JSON Web Keys (RFC 7517). */
    publicKeys(): readonly object[]
  }

export type AuditOptions = MongoStore & {
  /** The retention in days after the end of the day of an event. */
  readonly keepDays: number
  readonly outlets: readonly AuditOutlet[]
  readonly log: Pick<BaseLogger, 'error'>
}

/** Creates its indexes and keys first. `record` rejects if the event was not stored (decision 0061). */
export async function auditMongo({
  keepDays,
  outlets,
  log,
  ...store
}: AuditOptions): Promise<AuditTrail> {
  const { connection, encryption, clock } = store
  await createAuditIndexes(connection)
  const keys = await auditKeys(store)
  const keep = keepDays * 24 * 3600
  const records = auditRecords(connection)
  const digests = eventDigests(keys.chain)
  const ledger = headLedger({ connection, keys, clock, keep, log })
  const days = auditDays(connection, keys, clock)

  const writer = chainWriter({
    clock,
    link(event, at, place, previous) {
      const record = linkedRecord(event, at, place, previous, { encryption, digests })
      const { _id: id, chain } = record
      return { record, chain, event: { ...event, id, at, hash: chain.hash } }
    },
    async insert(linked) {
      await records.insertMany(linked.map(({ record }) => record))
      // The outlets get the event itself: nothing is decrypted for them.
      for (const outlet of outlets) outlet.events(linked.map(({ event }) => event))
    },
  })

  async function coverEnd(end: ChainEnd): Promise<void> {
    const head = await ledger.append(end)
    for (const outlet of outlets) outlet.head(head)
  }

  async function cover(): Promise<void> {
    for (const end of writer.ends()) {
      await coverEnd(end)
      writer.covered(end)
    }
  }

  const closing = closeDays({ connection, encryption, digests, days, cover: coverEnd, log })
  return {
    record: writer.append,
    ...findEvents(connection, encryption),
    forget: forgetAccount(connection, encryption, digests),
    ...auditVerification({ connection, keys, digests, encryption, clock }),
    cover,
    async close() {
      try {
        await cover()
      } finally {
        await Promise.all(outlets.map((outlet) => outlet.close()))
      }
    },
    async keepHouse() {
      await closing.closeAll()
      const removed = (day: string) =>
        writer.append({ what: 'audit-removed', address: 'platform', target: day })
      await removeExpiredDays({ days, keep, clock, close: closing.close, removed })
    },
    publicKeys: () =>
      [...keys.published].map(([kid, key]) => ({
        ...key.export({ format: 'jwk' }),
        ...{ kid, alg: 'EdDSA', use: 'sig' },
      })),
  }
}
