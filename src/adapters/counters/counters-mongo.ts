import mongoose, { type mongo } from 'mongoose'
import type { BaseLogger } from 'pino'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import { beginOfDay, beginOfHour, inChina } from '../../people/calendar.ts'
import {
  type CounterName,
  type Counters,
  type CountOf,
  counterLabels,
} from '../../ports/counters.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'

type Period = 'hour' | 'day'

/** All counts of one name in one hour or day, by the encoded values of its labels. */
type CountsRecord = {
  /** E.g. `day:sign-ins:2026-11-30`. */
  readonly _id: string
  readonly at: Date
  readonly counts: Readonly<Record<string, number>>
  readonly expiresAt: Date
}

type Pending = { readonly by: Period; readonly at: number; readonly counts: Map<string, number> }

export type StoredCounters = Counters & {
  /** Writes what was added up to now. Never rejects: what the store does not take stays for the next write. */
  flush(): Promise<void>
  /** Ends the regular writes with a last one. `flush` may still follow. */
  stop(): Promise<void>
}

export const counterIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
]

/** Adds numbers up in memory and writes them every few seconds with one bulk write (decision 0278). */
export async function countersMongo({
  connection,
  clock,
  policy: { keepHours, keepDays, writeEvery, mostPending },
  log,
}: Omit<MongoStore, 'encryption'> & {
  readonly policy: Policy['counters']
  readonly log: Pick<BaseLogger, 'warn'>
}): Promise<StoredCounters> {
  const records = connection.collection<CountsRecord>('counters')
  await buildIndexes(records, counterIndexes)
  const lifetime = { hour: keepHours, day: keepDays }
  const beginOf = { hour: beginOfHour, day: beginOfDay }
  let pending = new Map<string, Pending>()
  let pendingCounts = 0
  let writing = Promise.resolve()
  let isFailing = false

  function addTo(into: string, by: Period, at: number, key: string, amount: number): void {
    const found = pending.get(into)
    const { counts } = found ?? { counts: new Map<string, number>() }
    const count = counts.get(key)
    if (count === undefined && pendingCounts >= mostPending) return
    if (count === undefined) pendingCounts += 1
    counts.set(key, (count ?? 0) + amount)
    if (!found) pending.set(into, { by, at, counts })
  }

  async function write(): Promise<void> {
    const batch = [...pending]
    if (batch.length === 0) return
    pending = new Map()
    pendingCounts = 0
    const failed: readonly number[] | 'all' = await records
      .bulkWrite(
        batch.map(([_id, each]) => ({
          updateOne: { filter: { _id }, update: updateOf(each), upsert: true },
        })),
        { ordered: false },
      )
      .then(() => none, failedOf)
    for (const [index, [id, { by, at, counts }]] of batch.entries())
      if (failed === 'all' || failed.includes(index))
        for (const [key, amount] of counts) addTo(id, by, at, key, amount)
    const fails = failed.length > 0
    if (fails && !isFailing) log.warn('counters cannot be written and stay in memory')
    isFailing = fails
  }

  const updateOf = ({ by, at, counts }: Pending) => ({
    $inc: Object.fromEntries([...counts].map(([key, n]) => [`counts.${key}`, n])),
    $setOnInsert: { at: new Date(at), expiresAt: new Date(at + lifetime[by] * 1000) },
  })

  /** One write at a time. */
  const flush = () => {
    writing = writing.then(write)
    return writing
  }
  const timer = setInterval(() => void flush(), writeEvery * 1000)
  timer.unref()

  return {
    add(name, labels, amount = 1) {
      const now = clock()
      const values: Readonly<Record<string, string>> = labels
      const key = counterLabels[name].map((label) => `${encode(values[label] ?? '')}|`).join('')
      for (const by of ['hour', 'day'] as const) {
        const at = beginOf[by](now)
        addTo(idOf(by, name, at), by, at, key, amount)
      }
    },
    async read(name, by, { from, to }) {
      await flush()
      const found = records.find({ _id: { $gte: idOf(by, name, from), $lt: idOf(by, name, to) } })
      const stored = await found.sort({ _id: 1 }).toArray()
      return stored.flatMap(({ at, counts }) =>
        Object.entries(counts).map(([key, count]) => readCount(name, at.getTime(), key, count)),
      )
    },
    flush,
    async stop() {
      clearInterval(timer)
      await flush()
    },
  }
}

/** Sorts by time: `hour:limits:2026-11-30T09`, with the time in China. A period that begins at `to` is not below it. */
const idOf = (by: Period, name: CounterName, at: number): string =>
  `${by}:${name}:${inChina(at)
    .toISOString()
    .slice(0, by === 'day' ? 10 : 13)}`

const none: readonly number[] = []

/** The indexes of the writes that the store refused. Without an answer, all of them are written again. */
function failedOf(error: unknown): readonly number[] | 'all' {
  const refused = error instanceof mongoose.mongo.MongoBulkWriteError ? error.writeErrors : []
  const indexes = [refused].flat().map(({ index }) => index)
  return indexes.length ? indexes : 'all'
}

/** A name of a field has no `.` and begins with no `$`; a half of a character cannot be encoded. */
const encode = (value: string): string =>
  encodeURIComponent(value.replace(/\p{Surrogate}/gu, '')).replaceAll('.', '%2E')

function readCount<Name extends CounterName>(
  name: Name,
  at: number,
  key: string,
  count: number,
): CountOf<Name> {
  const values = key.split('|').map(decodeURIComponent)
  const labels = counterLabels[name].map((label, index) => [label, values[index] ?? ''])
  return { ...Object.fromEntries(labels), at, count }
}
