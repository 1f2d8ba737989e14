import { randomUUID } from 'node:crypto'
import type { Policy } from '../../../config/policy.ts'
import type { ClaimedTask, NewTask, TaskKind, TaskOf, TaskQueue } from '../../ports/tasks.ts'
import type { InsertTasks } from '../mongo/accounts-mongo.ts'
import { isDuplicateKey } from '../mongo/duplicate-key.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'

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
  /** Its id names the act: what is left when it was done keeps the same act from being added again. */
  readonly named?: true
}

/** Seconds after its end: so long a process may be away and still report it as dropped. */
const unreported = 7 * 24 * 3600

/** Makes its indexes first. `insertTasks` is `add` inside somebody else's transaction. See decision 0084. */
export async function tasksMongo({
  connection,
  encryption,
  clock,
  policy,
}: MongoStore & { readonly policy: Policy['tasks'] }): Promise<
  TaskQueue & { readonly insertTasks: InsertTasks }
> {
  const collection = connection.collection<Stored>('tasks', { writeConcern: { w: 'majority' } })
  await collection.createIndexes([
    { key: { kind: 1, due: 1 } },
    { key: { endsAt: 1 }, expireAfterSeconds: unreported },
  ])
  let wake = (_kinds: readonly TaskKind[]) => {}
  const kindsOf = (tasks: readonly NewTask[]) => [...new Set(tasks.map(({ kind }) => kind))]

  /** The kind is authenticated: who writes into the database can't turn a notice into an erasure. */
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
      attempts: 0,
      ...(end && { endsAt: new Date(due + end * 1000) }),
      ...(id && { named: true }),
    }
  }

  function claimed<Kind extends TaskKind>(
    kind: Kind,
    lease: string,
    { _id, sealed, attempts, endsAt, named }: Stored,
  ): ClaimedTask<Kind> {
    const held = { _id, lease }
    const { retries } = policy[kind]
    return {
      id: _id,
      attempts,
      ended: endsAt !== undefined && endsAt.getTime() <= clock(),
      read: (): TaskOf<Kind> => JSON.parse(encryption.decrypt(sealed, context(_id, kind))),
      async finish() {
        const done = {
          $set: { endsAt: new Date(clock()) },
          $unset: { sealed: '', due: '', lease: '' },
        } as const
        await (named ? collection.updateOne(held, done) : collection.deleteOne(held))
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
      const write = collection.insertMany(tasks.map(toStored), { ordered: false })
      await write.catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error
      })
      wake(kindsOf(tasks))
    },
    async insertTasks(tasks, session) {
      await collection.insertMany(tasks.map(toStored), { session })
      // It ends after the commit, or after the rollback, when waking up finds nothing.
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
        // Each is atomic, and no longer matches what another process claimed meanwhile.
        const claims = ids.map((_id) => ({ updateOne: { filter: { _id, ...isDue }, update } }))
        await collection.bulkWrite(claims, { ordered: false })
        const mine = await collection.find({ _id: { $in: ids }, lease }).toArray()
        if (mine.length) return mine.map((stored) => claimed(kind, lease, stored))
      }
    },
    whenAdded(listener) {
      wake = listener
    },
  }
}
