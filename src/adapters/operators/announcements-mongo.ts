import type { mongo } from 'mongoose'
import type { BaseLogger } from 'pino'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { Announcement, Announcements } from '../../ports/operators/announcements.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { polledCopy } from '../mongo/polled-copy.ts'
import { majority } from '../mongo/write-concern.ts'

type AnnouncementRecord = Pick<Announcement, 'text' | 'level'> & {
  readonly _id: string
  readonly from: Date
  readonly to: Date
  readonly publishedAt: Date
  readonly withdrawnAt?: Date
  /** The request that withdrew it. */
  readonly withdrawnBy?: string
  readonly expiresAt: Date
}

export const announcementIndexes: mongo.IndexDescription[] = [
  { key: { expiresAt: 1 }, expireAfterSeconds: 0 },
  { key: { publishedAt: -1 } },
  { key: { to: 1 } },
]

/** Creates its indexes first. The texts are public and therefore not encrypted. */
export async function announcementsMongo({
  connection,
  clock,
  log,
  policy,
}: Pick<MongoStore, 'connection' | 'clock'> & {
  readonly log: Pick<BaseLogger, 'warn'>
  readonly policy: Pick<Policy['operators'], 'announcements'>
}): Promise<Announcements & { stop(): Promise<void> }> {
  const records = connection.collection<AnnouncementRecord>('announcements', {
    writeConcern: majority,
  })
  await buildIndexes(records, announcementIndexes)
  const notEnded = () => ({
    to: { $gt: new Date(clock()) },
    withdrawnAt: { $exists: false },
  })
  const copy = await polledCopy(
    async () => (await records.find(notEnded()).sort({ publishedAt: -1 }).toArray()).map(toPort),
    log,
  )

  return {
    shown() {
      const now = clock()
      const present = copy.current().filter(({ from, to }) => from <= now && now < to)
      const isImportant = ({ level }: Announcement) => level === 'important'
      return [...present.filter(isImportant), ...present.filter((one) => !isImportant(one))]
    },
    latest: async (most) =>
      (await records.find().sort({ publishedAt: -1 }).limit(most).toArray()).map(toPort),
    async find(_id) {
      const record = await records.findOne({ _id })
      return record ? toPort(record) : undefined
    },
    async publish({ id: _id, from, to, ...announcement }) {
      const record = {
        ...announcement,
        ...{ from: new Date(from), to: new Date(to), publishedAt: new Date(clock()) },
        expiresAt: new Date(to + policy.announcements * 1000),
      }
      const stored = await records.findOneAndUpdate(
        { _id },
        { $setOnInsert: record },
        { upsert: true, returnDocument: 'after' },
      )
      await copy.refresh()
      return toPort(stored ?? { _id, ...record })
    },
    async withdraw(_id, by) {
      const set = { withdrawnAt: new Date(clock()), withdrawnBy: by }
      const { matchedCount } = await records.updateOne({ _id, ...notEnded() }, { $set: set })
      await copy.refresh()
      return matchedCount === 1 || (await records.findOne({ _id, withdrawnBy: by })) !== null
    },
    stop: copy.stop,
  }
}

const toPort = ({ _id, text, level, ...times }: AnnouncementRecord): Announcement => ({
  ...{ id: _id, text, level },
  from: times.from.getTime(),
  to: times.to.getTime(),
  publishedAt: times.publishedAt.getTime(),
  ...(times.withdrawnAt && { withdrawnAt: times.withdrawnAt.getTime() }),
})
