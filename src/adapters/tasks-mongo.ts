import { randomUUID } from 'node:crypto'
import type { ClientSession, Connection } from 'mongoose'
import type { Policy } from '../../config/policy.ts'
import type { Clock } from '../ports/clock.ts'
import type { ClaimedTask, NewTask, TaskKind, TaskOf, TaskQueue } from '../ports/tasks.ts'
import type { InsertTasks } from './accounts-mongo.ts'
import type { Sealing } from './sealing.ts'

type Stored = {
  readonly _id: string
  readonly kind: TaskKind
  readonly sealed: string
  /** When it may be claimed; of a claimed one, when its lease is over. */
  readonly due: Date
  readonly attempts: number
  /** Of the claim that holds it. */
  readonly lease?: string
  readonly endsAt?: Date
}

/** Seconds after its end: so long a process may be away and still report it as dropped. */
const unreported = 7 * 24 * 3600

/** Makes its indexes first. `insertTasks` is `add` inside somebody else's transaction (decision 0084). */
export async function tasksMongo({
  connection,
  sealing,
  clock,
  policy,
}: {
  readonly connection: Connection
  readonly sealing: Sealing
  readonly clock: Clock
  readonly policy: Policy['tasks']
}): Promise<TaskQueue & { readonly insertTasks: InsertTasks }> {
  const collection = connection.collection<Stored>('tasks', { writeConcern: { w: 'majority' } })
  await collection.createIndexes([
    { key: { kind: 1, due: 1 } },
    { key: { endsAt: 1 }, expireAfterSeconds: unreported },
  ])
  let wake = () => {}

  /** The kind is authenticated: who writes into the database can't turn a notice into an erasure. */
  const place = (record: string, kind: TaskKind) => ({ collection: 'tasks', record, field: kind })

  function toStored({ due = clock(), ...task }: NewTask): Stored {
    const _id = randomUUID()
    const { kind } = task
    const { end } = policy[kind]
    return {
      _id,
      kind,
      sealed: sealing.seal(JSON.stringify(task), place(_id, kind)),
      due: new Date(due),
      attempts: 0,
      ...(end && { endsAt: new Date(due + end * 1000) }),
    }
  }

  function claimed<Kind extends TaskKind>(
    kind: Kind,
    lease: string,
    { _id, sealed, attempts, endsAt }: Stored,
  ): ClaimedTask<Kind> {
    const held = { _id, lease }
    const { retries } = policy[kind]
    return {
      id: _id,
      attempts,
      ended: endsAt !== undefined && endsAt.getTime() <= clock(),
      read() {
        const task: TaskOf<Kind> = JSON.parse(sealing.open(sealed, place(_id, kind)))
        return task
      },
      async finish() {
        await collection.deleteOne(held)
      },
      async retry() {
        const pause = retries[Math.min(attempts, retries.length) - 1] ?? 0
        const due = new Date(clock() + pause * 1000)
        if (endsAt && due > endsAt) {
          await collection.deleteOne(held)
          return 'dropped'
        }
        await collection.updateOne(held, { $set: { due }, $unset: { lease: '' } })
        return 'later'
      },
    }
  }

  return {
    async add(tasks) {
      if (tasks.length === 0) return
      await collection.insertMany(tasks.map(toStored))
      wake()
    },
    async insertTasks(tasks: readonly NewTask[], session: ClientSession) {
      await collection.insertMany(tasks.map(toStored), { session })
      // It ends after the commit, or after the rollback, when waking up finds nothing.
      session.once('ended', () => wake())
    },
    async claim<Kind extends TaskKind>(kind: Kind, most: number) {
      for (;;) {
        const now = clock()
        const isDue = { kind, due: { $lte: new Date(now) } }
        const found = collection.find(isDue, { projection: { _id: 1 } }).sort({ due: 1 })
        const ids = (await found.limit(most).toArray()).map(({ _id }) => _id)
        if (ids.length === 0) return []
        const lease = randomUUID()
        const update = {
          $set: { lease, due: new Date(now + policy.lease * 1000) },
          $inc: { attempts: 1 },
        }
        // Each update is atomic, and no longer matches what another process claimed meanwhile.
        await collection.bulkWrite(
          ids.map((_id) => ({ updateOne: { filter: { _id, ...isDue }, update } })),
          { ordered: false },
        )
        const mine = await collection.find({ _id: { $in: ids }, lease }).toArray()
        if (mine.length) return mine.map((stored) => claimed(kind, lease, stored))
      }
    },
    whenAdded(listener) {
      wake = listener
    },
  }
}
