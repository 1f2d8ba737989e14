import type { AuditFault, UncoveredEvents } from '../../ports/audit-verification.ts'
import type { AuditRecord } from './audit-record.ts'
import { type ChainName, chainPrefix, type EventPlace } from './event-id.ts'
import type { AuditHead } from './head-signature.ts'

type Found = (fault: AuditFault) => void

/** The chain that is being read. */
type Reading = ChainName & {
  /** The number of the event read last, 0 at the beginning. */
  readonly number: number
  /** Its hash; undefined if it is not known for certain. */
  readonly hash: string | undefined
  readonly at: Date | undefined
}

/** Compares events in the order of their ids with each other and with the heads of their chains. */
export function chainComparison({
  heads,
  now,
  found,
}: {
  readonly heads: ReadonlyMap<string, AuditHead>
  readonly now: number
  readonly found: Found
}): {
  /** `intact`: the event's own hash is right. */
  next(record: AuditRecord, place: EventPlace, intact: boolean): void
  end(): { readonly uncovered: readonly UncoveredEvents[]; readonly expiredChains: number }
} {
  const uncovered: UncoveredEvents[] = []
  const read = new Set<string>()
  let reading: Reading | undefined
  const isExpired = (head: AuditHead | undefined) => head !== undefined && head.keptUntil <= now

  function begin({ day, process }: ChainName): Reading {
    finish()
    read.add(chainPrefix({ day, process }))
    return { day, process, number: 0, hash: '', at: undefined }
  }

  function finish(): void {
    if (!reading) return
    const head = heads.get(chainPrefix(reading))
    if (!isExpired(head)) compareEnd(reading, head)
    reading = undefined
  }

  function compareEnd({ day, process, number, at }: Reading, head: AuditHead | undefined): void {
    const count = head?.count ?? 0
    if (number < count) tellMissing({ day, process }, number + 1, count, [at, undefined], head)
    if (number > count) uncovered.push({ day, process, from: count + 1, count: number - count })
  }

  function tellMissing(
    chain: ChainName,
    from: number,
    to: number,
    [after, before]: readonly (Date | undefined)[],
    head?: AuditHead,
  ): void {
    const named = from === to ? `event ${from} is` : `events ${from} to ${to} are`
    const times = [after && `after ${iso(after)}`, before && `before ${iso(before)}`]
    const when = times.filter(Boolean).join(' and ')
    const why = head && `head ${head.number} covers ${head.count}`
    const details = [when, why].filter(Boolean).join('; ')
    found({
      kind: 'removed',
      text: `chain ${chain.day}.${chain.process}: ${named} missing${details && ` (${details})`}`,
    })
  }

  return {
    next(record, place, intact) {
      if (!reading || chainPrefix(reading) !== chainPrefix(place)) reading = begin(place)
      const head = heads.get(chainPrefix(place))
      const { number, at } = reading
      let { hash } = reading
      if (place.number !== number + 1) {
        if (!isExpired(head)) tellMissing(place, number + 1, place.number - 1, [at, record.at])
        hash = undefined
      }
      const told = (kind: AuditFault['kind'], what: string) =>
        found({ kind, text: `event ${record._id}: ${what}` })
      if (!intact) told(record.chain ? 'changed' : 'inserted', 'is not as the platform wrote it')
      else if (hash !== undefined && record.chain?.previous !== hash)
        told('changed', `does not follow event ${number}`)
      else if (place.number === head?.count && record.chain?.hash !== head.hash)
        told('changed', `is another one than head ${head.number} covers`)
      const known = intact ? record.chain?.hash : undefined
      reading = { ...reading, number: place.number, hash: known, at: record.at }
    },
    end() {
      finish()
      for (const [name, head] of heads)
        if (!read.has(name) && !isExpired(head)) compareEnd({ ...head, ...unread }, head)
      const expired = [...heads.values()].filter(isExpired)
      return { uncovered, expiredChains: expired.length }
    },
  }
}

const unread = { number: 0, hash: '', at: undefined }

/** A Date in a record that somebody else wrote may be of any type. */
const iso = (at: Date) => (at instanceof Date ? at.toISOString() : 'an unreadable time')
