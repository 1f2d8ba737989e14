import { eventTypes } from '../../../config/events.ts'

/** `paused`: events are kept; `disabled`: they are not (Shared Signals Framework 1.0, 8.1.2.1). */
export const streamStatuses = ['enabled', 'paused', 'disabled'] as const
export type StreamStatus = (typeof streamStatuses)[number]

export type StreamDelivery =
  | {
      readonly method: 'push'
      readonly endpoint: string
      /** The value of the header `Authorization` of each push. */
      readonly authorization?: string | undefined
    }
  | { readonly method: 'poll' }

/** The values that the receiver chose. */
export type StreamSettings = {
  readonly delivery: StreamDelivery
  /** The URIs of `events_requested`, as they were given; absent: all. */
  readonly requested?: readonly string[] | undefined
  readonly description?: string | undefined
}

export type EventStream = {
  readonly id: string
  readonly clientId: string
  readonly settings: StreamSettings
  readonly status: StreamStatus
  readonly reason?: string | undefined
}

/**
 * The event streams of clients. Promises:
 * - a client has one stream at most, also after concurrent calls;
 * - the settings are encrypted, since a receiver gives us its secret in them;
 * - a stream of another client is not found;
 * - `setStatus` to `disabled` and `remove` also remove the events that wait.
 */
export interface EventStreams {
  /** Undefined if the client has a stream. */
  create(clientId: string, settings: StreamSettings): Promise<EventStream | undefined>
  find(id: string): Promise<EventStream | undefined>
  ofClient(clientId: string): Promise<EventStream | undefined>
  change(id: string, settings: StreamSettings): Promise<void>
  setStatus(id: string, status: StreamStatus, reason?: string): Promise<void>
  remove(id: string): Promise<void>
  /** Stores whether the receiver wants events about a subject, which it does unless it said otherwise. */
  setWanted(id: string, sub: string, isWanted: boolean): Promise<void>
  isWanted(id: string, sub: string): Promise<boolean>
}

/** The names of the events that a stream contains: of those that the receiver requested, the ones that we know. */
export const eventNamesOf = ({ requested }: StreamSettings): readonly EventName[] =>
  eventNames.filter((name) => !requested || requested.includes(eventTypes[name]))

const eventNames = Object.keys(eventTypes) as EventName[]
type EventName = keyof typeof eventTypes
