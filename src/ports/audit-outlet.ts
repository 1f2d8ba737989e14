import type { RecordedEvent } from './audit.ts'

/** A stored event, and the hash of its chain, by which a copy outside can be compared with the store. */
export type ForwardedEvent = RecordedEvent & { readonly hash: string }

/** A signed statement about how many events of a chain are stored. */
export type ForwardedHead = {
  /** The number in the sequence of all heads. */
  readonly number: number
  /** ms since 1970. */
  readonly at: number
  readonly day: string
  readonly process: string
  readonly count: number
  /** The compact JWS (RFC 7515). */
  readonly jws: string
}

/**
 * A place outside of the stores to which audit events and heads are sent. Nobody waits for it: an outlet that is down or
 * slow never delays an event, and its methods never throw.
 */
export interface AuditOutlet {
  events(events: readonly ForwardedEvent[]): void
  head(head: ForwardedHead): void
  /** Sends what waits, for a few seconds at most. */
  close(): Promise<void>
}
