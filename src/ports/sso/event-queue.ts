import type { AccountEvent } from '../../people/account-events.ts'
import type { StreamStatus } from './event-streams.ts'

/** An event about the stream itself (Shared Signals Framework 1.0, 8.1.4 and 8.1.5). */
export type StreamEvent =
  | { readonly name: 'verification'; readonly state?: string | undefined }
  | {
      readonly name: 'stream-updated'
      readonly status: StreamStatus
      readonly reason?: string | undefined
    }

/** An event that waits in a stream. */
export type QueuedEvent = {
  /** The `jti`, the same at each delivery. */
  readonly id: string
  /** Equal for the events that must be delivered in their order. */
  readonly subject: string
  /** The time at which it happened, ms since 1970. */
  readonly at: number
  /** The `txn`, which events of one cause share. */
  readonly txn: string
  readonly event: (AccountEvent & { readonly accountId: string }) | StreamEvent
}

/** An event for one client. */
export type ClientEvent = { readonly clientId: string; readonly event: AccountEvent }

/**
 * The events that wait to be delivered. Promises:
 * - payloads are encrypted;
 * - an event stays until it is acknowledged, for 7 days at most;
 * - `next` returns the events of a subject in the order in which they were added;
 * - nothing is added to a stream that is disabled, or that does not contain the event's type.
 */
export interface EventQueue {
  /** Adds events of one cause to the streams of the clients that have one. */
  add(accountId: string, events: readonly ClientEvent[]): Promise<void>
  addToStream(streamId: string, event: StreamEvent): Promise<void>
  /** The first events that wait in a stream; if it is not enabled, only those that tell its status. */
  next(streamId: string, most: number, status?: StreamStatus): Promise<readonly QueuedEvent[]>
  acknowledge(streamId: string, ids: readonly string[]): Promise<void>
}
