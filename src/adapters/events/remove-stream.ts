import type { ClientSession, Connection } from 'mongoose'
import { majority } from '../mongo/write-concern.ts'
import type { EventRecord, StreamRecord, UnwantedSubject } from './event-records.ts'

/**
 * Removes a stream, named by its id or its client, within a transaction, with the events that wait in it and the subjects
 * that its receiver did not want.
 */
export type RemoveStream = (
  named: { readonly _id: string } | { readonly client: string },
  session: ClientSession,
) => Promise<void>

export function removeStreamIn(connection: Connection): RemoveStream {
  const options = { writeConcern: majority } as const
  const streams = connection.collection<StreamRecord>('event_streams', options)
  const events = connection.collection<EventRecord>('stream_events', options)
  const unwanted = connection.collection<UnwantedSubject>('unwanted_subjects', options)
  return async (named, session) => {
    const stream = await streams.findOneAndDelete(named, { session })
    if (!stream) return
    await events.deleteMany({ stream: stream._id }, { session })
    await unwanted.deleteMany({ stream: stream._id }, { session })
  }
}
