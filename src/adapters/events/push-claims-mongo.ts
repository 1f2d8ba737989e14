import { randomUUID } from 'node:crypto'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { ClaimedTask, WaitingTasks } from '../../ports/tasks.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'
import type { EventRecord, StreamRecord } from './event-records.ts'

/**
 * Lets the workers of the task queue push events: a stream whose events wait is a task of the kind `push`. One process
 * at a time has it, so that events keep their order, and after a failure it rests alone.
 */
export function pushClaimsMongo({
  connection,
  clock,
  policy,
}: Pick<MongoStore, 'connection' | 'clock'> & {
  readonly policy: Pick<Policy, 'events' | 'tasks'>
}): {
  claim(most: number): Promise<readonly ClaimedTask<'push'>[]>
  waiting(): Promise<WaitingTasks>
} {
  const options = { writeConcern: majority } as const
  const streams = connection.collection<StreamRecord>('event_streams', options)
  const events = connection.collection<EventRecord>('stream_events', options)

  function claimed(_id: string, lease: string, attempts: number): ClaimedTask<'push'> {
    const leased = { _id, lease }
    const { retries } = policy.tasks.push
    const rest = (seconds: number) => new Date(clock() + seconds * 1000)
    async function retry(): Promise<'later'> {
      const pause = retries[Math.min(attempts, retries.length) - 1] ?? 0
      await streams.updateOne(leased, {
        $set: { restsUntil: rest(pause), attempts },
        $unset: { lease: '' },
      })
      return 'later'
    }
    return {
      ...{ id: _id, attempts, ended: false },
      read: () => ({ kind: 'push', streamId: _id }),
      async finish() {
        await streams.updateOne(leased, { $unset: { lease: '', restsUntil: '', attempts: '' } })
      },
      retry,
      async postpone() {
        await retry()
      },
    }
  }

  return {
    async claim(most) {
      if (most <= 0) return []
      const withEvents = await events.distinct('stream')
      if (withEvents.length === 0) return []
      const now = new Date(clock())
      const announcing = await events.distinct('stream', { announces: true })
      const isDue = {
        method: 'push' as const,
        $and: [
          { $or: [{ status: 'enabled' as const }, { _id: { $in: announcing } }] },
          { $or: [{ restsUntil: { $exists: false } }, { restsUntil: { $lte: now } }] },
        ],
      }
      const due = await streams
        .find({ _id: { $in: withEvents }, ...isDue })
        .limit(most)
        .toArray()
      const restsUntil = new Date(now.getTime() + policy.tasks.lease * 1000)
      const claims = due.map(async ({ _id, attempts = 0 }) => {
        const lease = randomUUID()
        // The update matches no stream that another process claimed meanwhile.
        const { modifiedCount } = await streams.updateOne(
          { _id, ...isDue },
          { $set: { lease, restsUntil } },
        )
        return modifiedCount ? [claimed(_id, lease, attempts + 1)] : []
      })
      return (await Promise.all(claims)).flat()
    },
    async waiting() {
      const oldest = await events.find().sort({ endsAt: 1 }).limit(1).next()
      return {
        kind: 'push',
        waiting: await events.estimatedDocumentCount(),
        ...(oldest && { oldest: oldest.endsAt.getTime() - policy.events.keep * 1000 }),
      }
    },
  }
}
