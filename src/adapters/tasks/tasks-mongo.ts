import { randomUUID } from 'node:crypto'
import type { mongo } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import {
  type ClaimedTask,
  type NewTask,
  type TaskKind,
  type TaskOf,
  type TaskQueue,
  taskKinds,
} from '../../ports/tasks.ts'
import type { InsertTasks } from '../mongo/accounts-mongo.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import { isDuplicateKey } from '../mongo/duplicate-key.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'

type Stored = {
  readonly _id: string
  readonly kind: TaskKind
  readonly sealed: string
  /** When the task may be claimed. For a claimed task this is the end of its lease. */
  readonly due: Date
  /** When it should have been done. Attempts do not change it; a task that is done has none. */
  readonly since?: Date
  readonly attempts: number
  /** Names the claim that leases the task at present. */
  readonly lease?: string
  readonly endsAt?: Date
  /** The id was given by the caller of `add`. When the task is done its empty record stays, so it cannot be added again. */
  readonly named?: true
  readonly dataKey: number
}

/** Seconds for which a record stays after its end, so that a worker that was down still finds the task and reports the drop. */
const keptAfterEnd = 7 * 24 * 3600

export const taskIndexes: mongo.IndexDescription[] = [
  { key: { kind: 1, due: 1 } },
  { key: { kind: 1, since: 1 } },
  { key: { endsAt: 1 }, expireAfterSeconds: keptAfterEnd },
]

const mostCounted = 10_000

/** Creates its indexes first. `insertTasks` adds tasks within a transaction of the caller (decision 0084). */
export async function tasksMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Policy['tasks'] }): Promise<
  TaskQueue & { readonly insertTasks: InsertTasks }
> {
  const collection = connection.collection<Stored>('tasks', { writeConcern: majority })
  await buildIndexes(collection, taskIndexes)
  let wake = (_kinds: readonly TaskKind[]) => {}
  const kindsOf = (tasks: readonly NewTask[]) => [...new Set(tasks.map(({ kind }) => kind))]

  /** The kind is authenticated, so nobody who writes into the database can turn a notice into an erasure. */
  const context = (record: string, kind: TaskKind) => ({ collection: 'tasks', record, field: kind })

  function toStored({ due = clock(), id, ...task }: NewTask & { readonly id?: string }): Stored {
    const _id = id ?? randomUUID()
    const { kind } = task
    const { end } = policy[kind]
    return {
      _id,
      kind,
      sealed: encryption.encrypt(JSON.stringify(task), context(_id, kind)),
      due: new Date(due),
      since: new Date(due),
      attempts: 0,
      dataKey: encryption.dataKey(),
      ...(end && { endsAt: new Date(due + end * 1000) }),
      ...(id && { named: true }),
    }
  }

  function claimed<Kind extends TaskKind>(
    kind: Kind,
    lease: string,
    { _id, sealed, attempts, endsAt, named }: Stored,
  ): ClaimedTask<Kind> {
    const leased = { _id, lease }
    const { retries } = policy[kind]
    return {
      id: _id,
      attempts,
      ended: endsAt !== undefined && endsAt.getTime() <= clock(),
      read: (): TaskOf<Kind> => JSON.parse(encryption.decrypt(sealed, context(_id, kind))),
      async finish() {
        const done = {
          $set: { endsAt: new Date(clock()) },
          $unset: { sealed: '', due: '', since: '', lease: '' },
        } as const
        await (named ? collection.updateOne(leased, done) : collection.deleteOne(leased))
      },
      async postpone() {
        const pause = policy.postpone * 1000
        const due = new Date(clock() + pause)
        const end = endsAt && { endsAt: new Date(endsAt.getTime() + pause) }
        const update = {
          $set: { due, ...end },
          $unset: { lease: '' },
          $inc: { attempts: -1 },
        } as const
        await collection.updateOne(leased, update)
      },
      async retry() {
        const pause = retries[Math.min(attempts, retries.length) - 1] ?? 0
        const due = new Date(clock() + pause * 1000)
        if (endsAt && due > endsAt) {
          await collection.deleteOne(leased)
          return 'dropped'
        }
        await collection.updateOne(leased, { $set: { due }, $unset: { lease: '' } })
        return 'later'
      },
    }
  }

  return {
    async add(tasks) {
      if (tasks.length === 0) return
      const write = collection.insertMany(tasks.map(toStored), { ordered: false })
      await write.catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error
      })
      wake(kindsOf(tasks))
    },
    async insertTasks(tasks, session) {
      await collection.insertMany(tasks.map(toStored), { session })
      // The session ends after the commit. After a rollback a woken worker finds nothing to claim.
      session.once('ended', () => wake(kindsOf(tasks)))
    },
    async claim<Kind extends TaskKind>(kind: Kind, most: number) {
      for (;;) {
        const now = clock()
        const isDue = { kind, due: { $lte: new Date(now) } }
        const found = collection.find(isDue, { projection: { _id: 1 } }).sort({ due: 1 })
        const ids = (await found.limit(most).toArray()).map(({ _id }) => _id)
        if (ids.length === 0) return []
        const lease = randomUUID()
        const due = new Date(now + policy.lease * 1000)
        const update = { $set: { lease, due }, $inc: { attempts: 1 } }
        // Each update is atomic, and does not match a task that another process claimed meanwhile.
        const claims = ids.map((_id) => ({ updateOne: { filter: { _id, ...isDue }, update } }))
        await collection.bulkWrite(claims, { ordered: false })
        const mine = await collection.find({ _id: { $in: ids }, lease }).toArray()
        if (mine.length) return mine.map((stored) => claimed(kind, lease, stored))
      }
    },
    waiting: () =>
      Promise.all(
        taskKinds.map(async (kind) => {
          const isWaiting = { kind, since: { $lte: new Date(clock()) } }
          const [waiting, oldest] = await Promise.all([
            collection.countDocuments(isWaiting, { limit: mostCounted }),
            collection.find(isWaiting).sort({ since: 1 }).limit(1).next(),
          ])
          return { kind, waiting, ...(oldest?.since && { oldest: oldest.since.getTime() }) }
        }),
      ),
    whenAdded(listener) {
      wake = listener
    },
  }
}
