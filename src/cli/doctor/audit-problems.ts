import { decodeJwt } from 'jose'
import type { Connection } from 'mongoose'
import { auditRecords } from '../../adapters/audit/audit-collection.ts'
import { headRecords } from '../../adapters/audit/head-ledger.ts'

const minute = 60_000
const day = 24 * 60 * minute

/** A head is signed every minute. */
const headDelay = 5 * minute

/** The expiry removes whole days once a day, after they have been closed. */
const margin = 3

/** Retention and signing of the audit. `npm run audit -- verify` checks what it contains. */
export async function auditProblems(
  connection: Connection,
  keepDays: number,
): Promise<readonly string[]> {
  const now = Date.now()
  const problems = []
  const [oldest] = await auditRecords(connection).find().sort({ at: 1, _id: 1 }).limit(1).toArray()
  const age = oldest ? (now - oldest.at.getTime()) / day : 0
  if (age > keepDays + margin)
    problems.push(
      `the oldest event is ${Math.floor(age)} days old, and AUDIT_KEEP_DAYS is ${keepDays}: look in the log why expiry does not work`,
    )
  const [newest] = await auditRecords(connection)
    .find()
    .sort({ at: -1, _id: -1 })
    .limit(1)
    .toArray()
  const unsigned = newest ? now - newest.at.getTime() : 0
  const head = await headRecords(connection).findOne({}, { sort: { _id: -1 } })
  const signedAt = head ? Number(decodeJwt(head.jws)['at']) : 0
  if (newest && unsigned > headDelay && signedAt < newest.at.getTime())
    problems.push(
      `no head covers the last events, of ${newest.at.toISOString()}: look whether the platform runs, and in its log`,
    )
  return problems
}
