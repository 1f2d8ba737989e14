import type { mongo } from 'mongoose'
import type { StreamDelivery, StreamStatus } from '../../ports/sso/event-streams.ts'

export type StreamRecord = {
  readonly _id: string
  readonly client: string
  readonly method: StreamDelivery['method']
  readonly status: StreamStatus
  /** The encrypted settings, with the reason for the status. */
  readonly sealed: string
  /** The names of the events that the stream contains. */
  readonly contains: readonly string[]
  /** Pushes wait until then, because a process pushes at present or the receiver failed. */
  readonly restsUntil?: Date
  /** Names the claim of the process that pushes events at present. */
  readonly lease?: string
  /** The attempts since the last one that succeeded. */
  readonly attempts?: number
  readonly dataKey: number
}

export const streamIndexes: mongo.IndexDescription[] = [{ key: { client: 1 }, unique: true }]

export type EventRecord = {
  /** The `jti`. */
  readonly _id: string
  readonly stream: string
  /** Blind index of the account; in events about the stream itself its id. */
  readonly subject: string
  /** Grows with each event of a subject in a stream; otherwise it is the time in ms since 1970. */
  readonly order: number
  readonly sealed: string
  /** The event tells a new status, and is delivered whatever that is. */
  readonly announces?: true
  readonly endsAt: Date
  readonly dataKey: number
}

export const eventIndexes: mongo.IndexDescription[] = [
  { key: { stream: 1, order: 1, _id: 1 } },
  { key: { stream: 1, subject: 1, order: 1 } },
  { key: { announces: 1, stream: 1 }, sparse: true },
  { key: { endsAt: 1 }, expireAfterSeconds: 0 },
]

/** A subject about which a receiver wants no events. The id is the blind index of stream and subject. */
export type UnwantedSubject = { readonly _id: string; readonly stream: string }

export const unwantedSubjectIndexes: mongo.IndexDescription[] = [{ key: { stream: 1 } }]
