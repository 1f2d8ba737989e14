import type { EventStream, EventStreams } from '../ports/sso/event-streams.ts'
import { StreamRefusal } from './stream-refusal.ts'

/** The stream that a request of a receiver names, or a refusal: 404 also for the stream of another receiver. */
export async function streamOf(
  clientId: string,
  id: unknown,
  streams: Pick<EventStreams, 'find'>,
): Promise<EventStream> {
  if (typeof id !== 'string' || !id) throw new StreamRefusal(400, 'Not valid: stream_id.')
  const stream = await streams.find(id)
  if (stream?.clientId !== clientId)
    throw new StreamRefusal(404, 'The client has no stream of this id.')
  return stream
}
