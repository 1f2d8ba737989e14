import { assuranceNamespace, eventTypes, streamEventTypes } from '../../config/events.ts'
import { say } from '../../config/messages.ts'
import { locales } from '../../config/sentences.ts'
import type { AccountEvent } from '../people/account-events.ts'
import type { QueuedEvent, StreamEvent } from '../ports/sso/event-queue.ts'

/** The member of the claim `events`: one type with its claims (CAEP Interoperability Profile 1.0, 2.8.1). */
export const eventsClaim = ({ at, event }: Pick<QueuedEvent, 'at' | 'event'>) =>
  isOfStream(event)
    ? { [streamEventTypes[event.name]]: streamClaims(event) }
    : { [eventTypes[event.name]]: accountClaims(event, at) }

export const isOfStream = (event: QueuedEvent['event']): event is StreamEvent =>
  event.name in streamEventTypes

const streamClaims = (event: StreamEvent) =>
  event.name === 'verification'
    ? { ...(event.state !== undefined && { state: event.state }) }
    : { status: event.status, ...(event.reason && { reason: event.reason }) }

/** RISC defines no claims for its events here. */
function accountClaims(event: AccountEvent, at: number): object {
  const optional = {
    event_timestamp: Math.floor(at / 1000),
    // The interoperability profile (3.1, 3.2) requires a reason.
    reason_admin: Object.fromEntries(
      locales.map((locale) => [locale, say(locale, `events.${reasonOf(event)}`)]),
    ),
  }
  switch (event.name) {
    case 'session-revoked':
      return optional
    case 'credential-change':
      return { credential_type: event.credential, change_type: 'update', ...optional }
    case 'assurance-level-change':
      return {
        namespace: assuranceNamespace,
        current_level: event.level,
        previous_level: event.before,
        ...optional,
      }
    default:
      return {}
  }
}

const reasonOf = ({ name }: AccountEvent) =>
  name === 'session-revoked'
    ? 'sessionRevoked'
    : name === 'credential-change'
      ? 'credentialChange'
      : 'assuranceLevelChange'
