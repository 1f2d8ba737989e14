import type { BaseLogger } from 'pino'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { EventQueue, QueuedEvent } from '../ports/sso/event-queue.ts'
import type { EventStream } from '../ports/sso/event-streams.ts'
import type { TaskHandler } from '../ports/tasks.ts'
import { knownReason } from './poll-events.ts'
import { securityEventToken, type TokenPorts } from './security-event-token.ts'

type PushPorts = TokenPorts & {
  readonly eventQueue: EventQueue
  readonly log: Pick<BaseLogger, 'warn'>
  readonly policy: Pick<Policy, 'events'>
}

/**
 * Pushes the events of a stream (RFC 8935) until none waits. Events of a subject go one after another, and after a failure
 * the later ones wait; those of other subjects do not.
 */
export function pushEvents(ports: PushPorts): TaskHandler<'push'> {
  const { delivery, eventQueue, eventStreams, policy } = ports
  const { batch, turn } = policy.events

  async function pushInOrder(
    events: readonly QueuedEvent[],
    push: (event: QueuedEvent) => Promise<boolean>,
    until: number,
  ): Promise<boolean> {
    for (const event of events) {
      // The rest is claimed again.
      if (performance.now() > until) return true
      if (!(await push(event))) return false
    }
    return true
  }

  return async ({ streamId }) => {
    const until = performance.now() + turn * 1000
    while (performance.now() < until) {
      const stream = await eventStreams.find(streamId)
      if (!stream) return true
      // A client that is disabled may be enabled again.
      const audience = await delivery.audienceOf(stream.clientId)
      if (!audience) return false
      const waiting = await eventQueue.next(streamId, batch, stream.status)
      if (waiting.length === 0) return true
      const push = async (queued: QueuedEvent) => {
        const token = await securityEventToken(queued, stream, audience, ports)
        if (token && !(await isTaken(token, stream, ports))) return false
        await eventQueue.acknowledge(streamId, [queued.id])
        return true
      }
      const pushed = bySubject(waiting).map((events) => pushInOrder(events, push, until))
      if ((await Promise.all(pushed)).includes(false)) return false
    }
    return true
  }
}

function bySubject(events: readonly QueuedEvent[]): readonly (readonly QueuedEvent[])[] {
  const subjects = new Set(events.map(({ subject }) => subject))
  return [...subjects].map((one) => events.filter(({ subject }) => subject === one))
}

/** The reasons for which the same token may be accepted later (RFC 8935, 7.1). */
const mayPass: readonly string[] = ['authentication_failed', 'access_denied', 'invalid_key']

/** Whether the receiver has the event for good. A token that it finds invalid would be invalid each time. */
async function isTaken(
  token: string,
  { clientId, settings }: EventStream,
  { delivery, log }: Pick<PushPorts, 'delivery' | 'log'>,
): Promise<boolean> {
  if (settings.delivery.method !== 'push') return false
  const { endpoint, authorization } = settings.delivery
  try {
    const response = await delivery.post(endpoint, token, authorization)
    if (response.status !== 400) return response.ok
    const { err } = (await response.json().catch(() => ({}))) as { readonly err?: unknown }
    const reason = knownReason(err)
    log.warn({ client: clientId, error: reason }, 'event refused')
    return err !== undefined && !mayPass.includes(reason)
  } catch {
    // The receiver is down or slow, which may pass.
    return false
  }
}
