import { type AuditEncryption, type AuditRecord, auditContext } from './audit-record.ts'
import type { Erasable, EventDigests } from './event-digests.ts'

/** Whether a record is as the platform wrote it, or erased it; its links to other records are not compared. */
export function isIntact(
  record: AuditRecord,
  { encryption, digests }: { encryption: AuditEncryption; digests: EventDigests },
): boolean {
  try {
    const { chain } = record
    if (!chain) return false
    const { commitment, previous, hash } = chain
    return (
      digests.eventHash(record, commitment, previous) === hash &&
      isErasableIntact(record, erasablePart(record, encryption), digests)
    )
  } catch {
    // A value that does not decrypt, or is of another type, was not written by the platform.
    return false
  }
}

function erasablePart(record: AuditRecord, { decrypt }: AuditEncryption): Erasable {
  const { _id, accountId, address, reason } = record
  return {
    accountId,
    address: decrypt(address, auditContext(_id, 'address')),
    reason: reason && decrypt(reason, auditContext(_id, 'reason')),
  }
}

function isErasableIntact(
  { _id, chain }: AuditRecord,
  erasable: Erasable,
  digests: EventDigests,
): boolean {
  if (!chain) return false
  const { salt, erased, commitment, hash } = chain
  if (salt !== undefined)
    return erased === undefined && digests.commitment(salt, erasable) === commitment
  return erasable.reason === undefined && digests.erasure(_id, hash, erasable) === erased
}
