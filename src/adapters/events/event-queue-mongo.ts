import { randomUUID } from 'node:crypto'
import type { ClientSession } from 'mongoose'
import type { Policy } from '../../../config/limits-and-lifetimes.ts'
import type { AccountEvent } from '../../people/account-events.ts'
import type { ClientEvent, EventQueue, QueuedEvent } from '../../ports/sso/event-queue.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { majority } from '../mongo/write-concern.ts'
import { type EventRecord, eventIndexes, type StreamRecord } from './event-records.ts'

/** Adds events to the streams of the clients at which the account has signed in, within a transaction. */
export type InsertEvents = (
  accountId: string,
  events: readonly AccountEvent[],
  session: ClientSession,
) => Promise<void>

/**
 * Creates its indexes first.
 * @param clientsOf the clients at which an account has signed in
 */
export async function eventQueueMongo({
  connection,
  encryption,
  clock,
  policy,
  clientsOf,
}: MongoStore & {
  readonly policy: Policy['events']
  readonly clientsOf: (accountId: string) => Promise<readonly string[]>
}): Promise<
  EventQueue & { readonly insertEvents: InsertEvents; whenAdded(wake: () => void): void }
> {
  const options = { writeConcern: majority } as const
  const events = connection.collection<EventRecord>('stream_events', options)
  const streams = connection.collection<StreamRecord>('event_streams', options)
  await buildIndexes(events, eventIndexes)
  let wake = () => {}

  const context = (record: string) => ({ collection: 'stream_events', record, field: 'event' })
  const subjectOf = (accountId: string) => encryption.blindIndex('stream_events.subject', accountId)

  /**
   * Adds events of one subject. Their order follows that of its events that wait, so that clocks that differ between
   * processes change no order: changes of an account are transactions that see each other.
   */
  async function insert(
    subject: string,
    added: readonly { readonly stream: string; readonly event: QueuedEvent['event'] }[],
    session?: ClientSession,
  ): Promise<void> {
    if (added.length === 0) return
    const [at, txn] = [clock(), randomUUID()]
    const within = session && { session }
    const ids = [...new Set(added.map(({ stream }) => stream))]
    const waiting = await events
      .aggregate<{ readonly _id: string; readonly last: number }>(
        [
          { $match: { stream: { $in: ids }, subject } },
          { $group: { _id: '$stream', last: { $max: '$order' } } },
        ],
        within,
      )
      .toArray()
    const orders = new Map(waiting.map(({ _id, last }) => [_id, last]))
    const records = added.map(({ event, stream }) => {
      const _id = randomUUID()
      const order = Math.max(at, (orders.get(stream) ?? 0) + 1)
      orders.set(stream, order)
      return {
        ...{ _id, stream, subject, order },
        ...(event.name === 'stream-updated' && { announces: true as const }),
        sealed: encryption.encrypt(JSON.stringify({ at, txn, event }), context(_id)),
        endsAt: new Date(at + policy.keep * 1000),
        dataKey: encryption.dataKey(),
      }
    })
    await events.insertMany(records, within)
  }

  async function insertFor(
    accountId: string,
    added: readonly ClientEvent[],
    session?: ClientSession,
  ): Promise<void> {
    const clients = [...new Set(added.map(({ clientId }) => clientId))]
    const found = await streams
      .find({ client: { $in: clients }, status: { $ne: 'disabled' } })
      .project<Pick<StreamRecord, '_id' | 'client' | 'contains'>>({ client: 1, contains: 1 })
      .toArray()
    const wanted = added.flatMap(({ clientId, event }) => {
      const stream = found.find(({ client }) => client === clientId)
      return stream?.contains.includes(event.name)
        ? [{ stream: stream._id, event: { ...event, accountId } }]
        : []
    })
    await insert(subjectOf(accountId), wanted, session)
  }

  return {
    async add(accountId, added) {
      if (added.length === 0) return
      await insertFor(accountId, added)
      wake()
    },
    async addToStream(streamId, event) {
      await insert(streamId, [{ stream: streamId, event }])
      wake()
    },
    async insertEvents(accountId, added, session) {
      if (added.length === 0) return
      const clients = await clientsOf(accountId)
      const each = clients.flatMap((clientId) => added.map((event) => ({ clientId, event })))
      await insertFor(accountId, each, session)
      // The session ends after the commit.
      session.once('ended', wake)
    },
    async next(stream, most, status = 'enabled') {
      const isHeld = status !== 'enabled' && { announces: true as const }
      const waiting = await events
        .find({ stream, endsAt: { $gt: new Date(clock()) }, ...isHeld })
        .sort({ order: 1, _id: 1 })
        .limit(most)
        .toArray()
      return waiting.map(({ _id, subject, sealed }) => ({
        ...{ id: _id, subject },
        ...JSON.parse(encryption.decrypt(sealed, context(_id))),
      }))
    },
    async acknowledge(stream, ids) {
      await events.deleteMany({ _id: { $in: [...ids] }, stream })
    },
    whenAdded(listener) {
      wake = listener
    },
  }
}
