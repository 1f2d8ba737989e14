import { randomBytes } from 'node:crypto'
import type { AuditEvent } from '../../ports/audit.ts'
import type { Clock } from '../../ports/clock.ts'
import { auditDayOf, type ChainName, type EventPlace } from './event-id.ts'

/** A chain as far as it is stored: the number of its events, and the hash of the last one. */
export type ChainEnd = ChainName & { readonly count: number; readonly hash: string }

/** A record with the hash that its successor has to name. */
type Linked = { readonly chain: { readonly hash: string } }

type Waiting = {
  readonly event: AuditEvent
  readonly at: number
  readonly stored: () => void
  readonly failed: (error: unknown) => void
}

/** So many events at most are stored by one command. */
const together = 500

/**
 * Stores the events of this process in the order of the calls, one command at a time: what waits meanwhile goes into
 * the next command together. After a failure the store may have the events or not, so that the chain ends there and a
 * new one begins, as after the death of a process.
 */
export function chainWriter<Stored extends Linked>({
  link,
  insert,
  clock,
}: {
  /** Makes the record of an event; `previous` is empty for the first one of a chain. */
  readonly link: (event: AuditEvent, at: number, place: EventPlace, previous: string) => Stored
  /** Stores records in their order. */
  readonly insert: (records: readonly Stored[]) => Promise<void>
  readonly clock: Clock
}): {
  append(event: AuditEvent): Promise<void>
  ends(): readonly ChainEnd[]
  covered(end: ChainEnd): void
} {
  let end = newChain(auditDayOf(clock()))
  let waiting: Waiting[] = []
  let writing = false
  /** The chains with events that no head covers yet, by process and day. */
  const uncovered = new Map<string, ChainEnd>()

  async function writeAll(): Promise<void> {
    writing = true
    while (waiting.length) await writeNext()
    writing = false
  }

  async function writeNext(): Promise<void> {
    const day = auditDayOf(waiting[0]?.at ?? clock())
    const other = waiting.findIndex(({ at }) => auditDayOf(at) !== day)
    const size = Math.min(other < 0 ? waiting.length : other, together)
    const batch = waiting.slice(0, size)
    waiting = waiting.slice(size)
    // A clock that was set back over midnight must not continue an earlier chain: its numbers are used.
    if (day !== end.day)
      end = day > end.day ? { ...newChain(day), process: end.process } : newChain(day)
    let next = end
    try {
      const records = batch.map(({ event, at }) => {
        const { day, process, count, hash } = next
        const record = link(event, at, { day, process, number: count + 1 }, hash)
        next = { ...next, count: count + 1, hash: record.chain.hash }
        return record
      })
      await insert(records)
      end = next
      uncovered.set(nameOf(end), end)
      for (const { stored } of batch) stored()
    } catch (error) {
      end = newChain(day)
      for (const { failed } of batch) failed(error)
    }
  }

  return {
    append: (event) =>
      new Promise((stored, failed) => {
        waiting.push({ event, at: clock(), stored, failed })
        if (!writing) void writeAll()
      }),
    ends: () => [...uncovered.values()],
    covered(covered) {
      if (uncovered.get(nameOf(covered))?.count === covered.count) uncovered.delete(nameOf(covered))
    },
  }
}

/** The id of a process is random: neither its number nor its host is unique over restarts. */
const newChain = (day: string): ChainEnd => ({
  day,
  process: randomBytes(8).toString('hex'),
  count: 0,
  hash: '',
})

const nameOf = ({ day, process }: ChainName) => `${day}.${process}`
