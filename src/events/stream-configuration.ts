import { eventTypes, pollDelivery, pushDelivery } from '../../config/events.ts'
import {
  type EventStream,
  eventNamesOf,
  type StreamDelivery,
  type StreamSettings,
} from '../ports/sso/event-streams.ts'
import type { SettingsBody } from './stream-bodies.ts'
import { eventsPath, StreamRefusal } from './stream-refusal.ts'

const longestDescription = 200

/** The configuration as its receiver reads it (Shared Signals Framework 1.0, 8.1.1), without the receiver's secret. */
export function streamConfiguration({ id, clientId, settings }: EventStream, issuer: string) {
  const { delivery, description, requested } = settings
  return {
    stream_id: id,
    iss: issuer,
    aud: clientId,
    delivery:
      delivery.method === 'push'
        ? { method: pushDelivery, endpoint_url: delivery.endpoint }
        : { method: pollDelivery, endpoint_url: `${issuer}${eventsPath}poll/${id}` },
    events_supported: Object.values(eventTypes),
    ...(requested && { events_requested: requested }),
    events_delivered: eventNamesOf(settings).map((name) => eventTypes[name]),
    ...(description !== undefined && { description }),
  }
}

/**
 * The settings that a body asks for. Without `delivery` the receiver polls (8.1.1.1). A push to the same address without
 * `authorization_header` keeps the header, since we do not show it to a receiver that sends back what it has read.
 * @param plainHosts the hosts to which events may be pushed without TLS
 */
export function settingsOf(
  body: SettingsBody,
  plainHosts: readonly string[],
  before?: StreamSettings,
): StreamSettings {
  const { delivery, description, events_requested: requested } = body
  return {
    delivery:
      delivery?.method === pushDelivery
        ? pushTo(delivery, plainHosts, before?.delivery)
        : { method: 'poll' },
    ...(requested && { requested }),
    ...(description !== undefined && { description: description.slice(0, longestDescription) }),
  }
}

/** The settings after a PATCH: what the body does not name stays (8.1.1.3). */
export function patchedSettings(
  body: SettingsBody,
  plainHosts: readonly string[],
  { settings }: EventStream,
): StreamSettings {
  const { delivery, ...others } = settingsOf(body, plainHosts, settings)
  return { ...settings, ...others, ...(body.delivery && { delivery }) }
}

type Push = { readonly endpoint_url: string; readonly authorization_header?: string | undefined }

function pushTo(
  { endpoint_url: endpoint, authorization_header: given }: Push,
  plainHosts: readonly string[],
  before: StreamDelivery | undefined,
): StreamDelivery {
  const { protocol, hostname } = new URL(endpoint)
  if (protocol !== 'https:' && !plainHosts.includes(hostname))
    throw new StreamRefusal(400, 'Not valid: delivery.endpoint_url must be https.')
  const isSame = before?.method === 'push' && before.endpoint === endpoint
  const authorization = given ?? (isSame ? before.authorization : undefined)
  return { method: 'push', endpoint, ...(authorization && { authorization }) }
}

/** Rejects a body in which something that we supply differs from what we supplied (8.1.1.3 and 8.1.1.4). */
export function expectSuppliedValues(
  body: Readonly<Record<string, unknown>>,
  stream: EventStream,
  issuer: string,
): void {
  const own = streamConfiguration(stream, issuer)
  const supplied = ['iss', 'aud', 'events_supported', 'events_delivered'] as const
  const wrong = supplied.find((name) => name in body && !isSame(body[name], own[name]))
  if (wrong) throw new StreamRefusal(400, `Not valid: ${wrong} is not that of the stream.`)
}

/** Compares texts or lists, whose order means nothing; an audience may be a list of one. */
const isSame = (given: unknown, own: string | readonly string[]) =>
  JSON.stringify([given].flat().toSorted()) === JSON.stringify([own].flat().toSorted())
