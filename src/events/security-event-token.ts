import type { EventAudience, EventDelivery } from '../ports/sso/event-delivery.ts'
import type { QueuedEvent } from '../ports/sso/event-queue.ts'
import type { EventStream, EventStreams } from '../ports/sso/event-streams.ts'
import { eventsClaim, isOfStream } from './event-claims.ts'

export type TokenPorts = {
  readonly delivery: EventDelivery
  readonly eventStreams: EventStreams
  readonly issuer: string
}

/** Signs the security event token (RFC 8417) of a queued event; undefined if the receiver does not want its subject. */
export async function securityEventToken(
  queued: QueuedEvent,
  stream: EventStream,
  { knowsSessions, subjectOf }: EventAudience,
  { delivery, eventStreams, issuer }: TokenPorts,
): Promise<string | undefined> {
  const { at, event, id, txn } = queued
  const common = { iss: issuer, jti: id, iat: Math.floor(at / 1000), aud: stream.clientId, txn }
  const events = eventsClaim(queued)
  if (isOfStream(event))
    return delivery.sign({ ...common, sub_id: { format: 'opaque', id: stream.id }, events })
  const sub = subjectOf(event.accountId)
  if (!(await eventStreams.isWanted(stream.id, sub))) return undefined
  return delivery.sign({
    ...common,
    sub_id: { format: 'iss_sub', iss: issuer, sub },
    // The `sid` of the ID tokens and logout tokens of that session.
    ...(event.name === 'session-revoked' && knowsSessions && event.sid && { sid: event.sid }),
    events,
  })
}
