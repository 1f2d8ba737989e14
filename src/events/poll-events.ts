import { setTimeout as sleep } from 'node:timers/promises'
import type { BaseLogger } from 'pino'
import type * as z from 'zod'
import type { Policy } from '../../config/limits-and-lifetimes.ts'
import type { EventQueue } from '../ports/sso/event-queue.ts'
import type { EventStream } from '../ports/sso/event-streams.ts'
import { securityEventToken, type TokenPorts } from './security-event-token.ts'
import type { pollBody } from './stream-bodies.ts'

type PollPorts = TokenPorts & {
  readonly eventQueue: EventQueue
  readonly policy: Pick<Policy, 'events'>
}

/** Answers a poll (RFC 8936, 2): acknowledged events are removed, the others are returned until they are acknowledged. */
export async function pollEvents(
  stream: EventStream,
  request: z.infer<typeof pollBody>,
  ports: PollPorts,
  log: Pick<BaseLogger, 'warn'>,
) {
  const { eventQueue, policy } = ports
  const { pollWait, pollLook, mostPolled } = policy.events
  const { ack = [], setErrs = {}, returnImmediately = false } = request
  const most = Math.min(request.maxEvents ?? mostPolled, mostPolled)
  // A token that the receiver cannot use stays unusable: the receiver has it, and its reason stands in our log.
  for (const { err } of Object.values(setErrs))
    log.warn({ error: knownReason(err) }, 'event refused')
  const done = [...ack, ...Object.keys(setErrs)]
  if (done.length) await eventQueue.acknowledge(stream.id, done)
  if (most === 0) return { sets: {} }
  const isAtOnce = returnImmediately || stream.status !== 'enabled'

  for (let waited = 0; ; waited += pollLook) {
    const answer = await firstTokens(stream, most, ports)
    if (Object.keys(answer.sets).length || isAtOnce || waited >= pollWait) return answer
    await sleep(pollLook * 1000)
  }
}

async function firstTokens(stream: EventStream, most: number, ports: PollPorts) {
  const { delivery, eventQueue } = ports
  const audience = await delivery.audienceOf(stream.clientId)
  if (!audience) return { sets: {} }
  const waiting = await eventQueue.next(stream.id, most + 1, stream.status)
  const sets: Record<string, string> = {}
  for (const queued of waiting.slice(0, most)) {
    const token = await securityEventToken(queued, stream, audience, ports)
    if (token) sets[queued.id] = token
    else await eventQueue.acknowledge(stream.id, [queued.id])
  }
  return { sets, ...(waiting.length > most && { moreAvailable: true }) }
}

/** An error code of RFC 8935 (7.1) or of the Shared Signals Framework; anything else could be anything. */
export const knownReason = (err: unknown): string =>
  typeof err === 'string' && /^[a-z_]{1,40}$/.test(err) ? err : 'other'
