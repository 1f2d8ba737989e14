import type { ClientEvent, EventQueue } from '../../ports/sso/event-queue.ts'
import type { TaskOf } from '../../ports/tasks.ts'

/** Adds the events of sessions that end, one for each client and `sid` of a logout message. */
export function addSessionEvents(
  queue: Pick<EventQueue, 'add'>,
  accountId: string,
  messages: readonly TaskOf<'logout'>[],
): Promise<void> {
  const events = messages.map(({ clientId, sid }): ClientEvent => {
    return { clientId, event: { name: 'session-revoked', ...(sid && { sid }) } }
  })
  return queue.add(accountId, events)
}
