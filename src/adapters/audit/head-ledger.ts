import type { Connection } from 'mongoose'
import type { BaseLogger } from 'pino'
import type { Clock } from '../../ports/clock.ts'
import { isDuplicateKey } from '../mongo/duplicate-key.ts'
import { majority } from '../mongo/write-concern.ts'
import type { AuditKeys } from './audit-keys.ts'
import type { ChainEnd } from './chain-writer.ts'
import { type ChainName, endOfDay } from './event-id.ts'
import { type AuditHead, headDigest, signHead } from './head-signature.ts'

/** A stored head; `_id` is its number, the other members are those of the signed head. */
export type HeadRecord = ChainName & {
  readonly _id: number
  readonly count: number
  readonly jws: string
}

export type SignedHead = AuditHead & { readonly jws: string }

export const headRecords = (connection: Connection) =>
  connection.collection<HeadRecord>('audit_heads', { writeConcern: majority })

/**
 * Appends heads to the sequence that all processes share. The number is the primary key, so of two processes that append at
 * once one gets it and the other takes the next.
 */
export function headLedger({
  connection,
  keys,
  clock,
  keep,
  log,
}: {
  readonly connection: Connection
  readonly keys: AuditKeys
  readonly clock: Clock
  /** The retention after the end of a day, in seconds. */
  readonly keep: number
  readonly log: Pick<BaseLogger, 'error'>
}): { append(end: ChainEnd): Promise<SignedHead> } {
  const records = headRecords(connection)
  /** The last head that this process saw. The sequence goes on behind it even if somebody removed it. */
  let seen = { number: 0, jws: '' }

  async function latest(): Promise<typeof seen> {
    const stored = await records.findOne({}, { sort: { _id: -1 } })
    if (stored && stored._id >= seen.number) return { number: stored._id, jws: stored.jws }
    if (seen.number) log.error({ head: seen.number }, 'audit heads were removed')
    return seen
  }

  async function appendNext({ day, process, count, hash }: ChainEnd): Promise<SignedHead> {
    for (;;) {
      const last = await latest()
      const head = {
        number: last.number + 1,
        predecessor: last.jws && headDigest(last.jws),
        at: clock(),
        ...{ day, process, count, hash },
        keptUntil: endOfDay(day) + keep * 1000,
      }
      const jws = await signHead(head, keys)
      try {
        await records.insertOne({ _id: head.number, day, process, count, jws })
        seen = { number: head.number, jws }
        return { ...head, jws }
      } catch (error) {
        if (!isDuplicateKey(error)) throw error
      }
    }
  }

  let before: Promise<unknown> = Promise.resolve()
  return {
    /** One after the other within a process, so that a read never misses what this process just wrote. */
    append(end) {
      const appended = before.then(() => appendNext(end))
      before = appended.catch(() => {})
      return appended
    },
  }
}
