import type { EventQueue } from '../ports/sso/event-queue.ts'
import type { EventStreams } from '../ports/sso/event-streams.ts'
import type { StreamCommand } from './client-arguments.ts'
import type { ClientCommandResult } from './client-operations.ts'
import { Refused } from './operator-command.ts'

/** The receiver learns of the new status (Shared Signals Framework 1.0, 8.1.5), also while its stream is paused. */
export async function runStreamCommand(
  { id, name }: StreamCommand,
  eventStreams: EventStreams,
  eventQueue: Pick<EventQueue, 'addToStream'>,
): Promise<ClientCommandResult> {
  const stream = await eventStreams.ofClient(id)
  if (!stream) throw new Refused(`client ${id}: has no event stream`)
  const status = name === 'pause-events' ? 'paused' : 'enabled'
  if (stream.status === status)
    throw new Refused(`client ${id}: its event stream is ${status} already`)
  const reason = 'An operator of the platform changed the status.'
  await eventStreams.setStatus(stream.id, status, reason)
  await eventQueue.addToStream(stream.id, { name: 'stream-updated', status, reason })
  const event = { what: 'client-changed', clientId: id } as const
  return { lines: [`client ${id}: its event stream is ${status}`], event }
}
