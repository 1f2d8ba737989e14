import type { Connection } from 'mongoose'
import type { AuditFault, AuditVerification } from '../../ports/audit-verification.ts'
import type { Clock } from '../../ports/clock.ts'
import { auditRecords } from './audit-collection.ts'
import type { AuditKeys } from './audit-keys.ts'
import type { AuditEncryption, AuditRecord } from './audit-record.ts'
import { isIntact } from './check-record.ts'
import type { EventDigests } from './event-digests.ts'
import { placeOf } from './event-id.ts'
import { chainComparison } from './verify-chains.ts'
import { compareOutsideHead, verifyHeads } from './verify-heads.ts'

/** During an upgrade, processes of the version before the chain go on for a while after the first head, in ms. */
const upgrade = 24 * 60 * 60 * 1000

/** Reads the heads first, so that events that are stored meanwhile are at most not covered yet. */
export function auditVerification({
  connection,
  keys,
  digests,
  encryption,
  clock,
}: {
  readonly connection: Connection
  readonly keys: AuditKeys
  readonly digests: EventDigests
  readonly encryption: AuditEncryption
  readonly clock: Clock
}): AuditVerification {
  return {
    async verify(outsideHeads, found) {
      let faults = 0
      function tell(fault: AuditFault) {
        faults += 1
        found(fault)
      }
      const source = { connection, keys }
      const heads = await verifyHeads(source, tell)
      for await (const jws of outsideHeads) await compareOutsideHead(jws, source, heads, tell)

      const chainBegan = heads.first ? heads.first.at + upgrade : Number.POSITIVE_INFINITY
      const chains = chainComparison({ heads: heads.chains, now: clock(), found: tell })
      let [read, beforeChain] = [0, 0]
      let [firstDay, lastDay]: (string | undefined)[] = []
      for await (const record of auditRecords(connection).find().sort({ _id: 1 })) {
        const place = placeOf(record._id)
        if (place) {
          chains.next(record, place, isIntact(record, { encryption, digests }))
          read += 1
          firstDay ??= place.day
          lastDay = place.day
        } else if (isFromBefore(record, chainBegan)) beforeChain += 1
        else tell({ kind: 'inserted', text: `event ${record._id}: the platform did not write it` })
      }
      const { uncovered, expiredChains } = chains.end()
      return {
        events: read,
        faults,
        heads: heads.heads,
        ...(heads.last && { lastHead: { number: heads.last.number, at: heads.last.at } }),
        ...(firstDay && { firstDay }),
        ...(lastDay && { lastDay }),
        ...{ beforeChain, expiredChains, uncovered },
      }
    },
  }
}

/** Events of the version before the chain have a UUID and an expiry of their own. */
const isFromBefore = ({ _id, at, chain, expiresAt }: AuditRecord, chainBegan: number) =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(_id) &&
  !chain &&
  expiresAt instanceof Date &&
  at instanceof Date &&
  at.getTime() < chainBegan
