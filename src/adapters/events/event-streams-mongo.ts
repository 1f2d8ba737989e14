import { randomUUID } from 'node:crypto'
import {
  type EventStream,
  type EventStreams,
  eventNamesOf,
  type StreamSettings,
} from '../../ports/sso/event-streams.ts'
import { buildIndexes } from '../mongo/build-indexes.ts'
import { isDuplicateKey } from '../mongo/duplicate-key.ts'
import type { MongoStore } from '../mongo/mongo-store.ts'
import { transaction } from '../mongo/transaction.ts'
import { majority } from '../mongo/write-concern.ts'
import {
  type EventRecord,
  type StreamRecord,
  streamIndexes,
  type UnwantedSubject,
  unwantedSubjectIndexes,
} from './event-records.ts'
import { removeStreamIn } from './remove-stream.ts'

type Sealed = { readonly settings: StreamSettings; readonly reason?: string | undefined }

/** Creates its indexes first. */
export async function eventStreamsMongo({
  connection,
  encryption,
}: Omit<MongoStore, 'clock'>): Promise<EventStreams> {
  const options = { writeConcern: majority } as const
  const streams = connection.collection<StreamRecord>('event_streams', options)
  const events = connection.collection<EventRecord>('stream_events', options)
  const unwanted = connection.collection<UnwantedSubject>('unwanted_subjects', options)
  const removeStream = removeStreamIn(connection)
  await buildIndexes(streams, streamIndexes)
  await buildIndexes(unwanted, unwantedSubjectIndexes)

  const context = (record: string) => ({ collection: 'event_streams', record, field: 'settings' })
  const subjectOf = (id: string, sub: string) =>
    encryption.blindIndex('unwanted_subjects', JSON.stringify([id, sub]))

  const sealed = (id: string, value: Sealed) => ({
    sealed: encryption.encrypt(JSON.stringify(value), context(id)),
    dataKey: encryption.dataKey(),
  })
  const fields = (settings: StreamSettings) => ({
    method: settings.delivery.method,
    contains: eventNamesOf(settings),
  })
  const sealedOf = (record: StreamRecord): Sealed =>
    JSON.parse(encryption.decrypt(record.sealed, context(record._id)))
  const toStream = (record: StreamRecord | null): EventStream | undefined =>
    record
      ? { id: record._id, clientId: record.client, status: record.status, ...sealedOf(record) }
      : undefined

  return {
    async create(client, settings) {
      const _id = randomUUID()
      const record = { client, status: 'enabled', ...fields(settings) } as const
      try {
        await streams.insertOne({ _id, ...record, ...sealed(_id, { settings }) })
      } catch (error) {
        if (isDuplicateKey(error)) return undefined
        throw error
      }
      return { id: _id, clientId: client, settings, status: 'enabled' }
    },
    find: async (_id) => toStream(await streams.findOne({ _id })),
    ofClient: async (client) => toStream(await streams.findOne({ client })),
    async change(_id, settings) {
      const record = await streams.findOne({ _id })
      if (!record) return
      const changed = { ...fields(settings), ...sealed(_id, { ...sealedOf(record), settings }) }
      // A new address is tried at once.
      await streams.updateOne({ _id }, { $set: changed, $unset: { restsUntil: '', attempts: '' } })
    },
    async setStatus(_id, status, reason) {
      const record = await streams.findOne({ _id })
      if (!record) return
      const { settings } = sealedOf(record)
      await streams.updateOne({ _id }, { $set: { status, ...sealed(_id, { settings, reason }) } })
      if (status !== 'disabled') return
      await events.deleteMany({ stream: _id, announces: { $exists: false } })
    },
    remove: (_id) => transaction(connection, (session) => removeStream({ _id }, session)),
    async setWanted(stream, sub, isWanted) {
      const _id = subjectOf(stream, sub)
      if (isWanted) await unwanted.deleteOne({ _id })
      else await unwanted.updateOne({ _id }, { $set: { stream } }, { upsert: true })
    },
    isWanted: async (stream, sub) =>
      (await unwanted.findOne({ _id: subjectOf(stream, sub) })) === null,
  }
}
