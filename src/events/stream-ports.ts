import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { Limits } from '../ports/limits.ts'
import type { Callers } from '../ports/sso/callers.ts'
import type { EventQueue } from '../ports/sso/event-queue.ts'
import type { TokenPorts } from './security-event-token.ts'

export type StreamPorts = TokenPorts & {
  readonly callers: Callers
  readonly eventQueue: EventQueue
  readonly jwksUri: () => string
  readonly limits: Pick<Limits, 'take'>
  /** The hosts to which events may be pushed without TLS. */
  readonly plainHosts: readonly string[]
  readonly policy: Pick<Policy, 'events'>
}
