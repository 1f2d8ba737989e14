import type Router from '@koa/router'
import type { Context, WebState } from '../web/context.ts'
import { readJson } from '../web/http/read-json.ts'
import { read, subjectBody, verificationBody } from './stream-bodies.ts'
import { receiverOf } from './stream-caller.ts'
import type { StreamPorts } from './stream-ports.ts'
import { StreamRefusal } from './stream-refusal.ts'
import { streamOf } from './streams-of-receiver.ts'
import { streamPaths } from './transmitter-metadata.ts'

/** Adds the endpoints for subjects (8.1.3) and verification (8.1.4), which are limited since each request stores something. */
export function addSubjectRoutes(router: Router<WebState>, ports: StreamPorts): void {
  const { eventQueue, eventStreams, issuer } = ports

  /**
   * The answer is the same whether we know the subject or not, so that nobody learns who has an account (9.1). Subjects of
   * other formats are never those of our events.
   */
  const setWanted = (isWanted: boolean) => async (ctx: Context) => {
    const clientId = await limited(ctx, ports)
    const { stream_id: id, subject } = read(subjectBody, await readJson(ctx))
    const stream = await streamOf(clientId, id, eventStreams)
    const { format, iss, sub } = subject
    if (format === 'iss_sub' && (iss === undefined || sub === undefined))
      throw new StreamRefusal(400, 'Not valid: subject.')
    if (format === 'iss_sub' && iss === issuer && sub)
      await eventStreams.setWanted(stream.id, sub, isWanted)
    ctx.set('Cache-Control', 'no-store')
    ctx.status = isWanted ? 200 : 204
    if (isWanted) ctx.body = ''
  }
  router.post(streamPaths.addSubject, setWanted(true))
  router.post(streamPaths.removeSubject, setWanted(false))

  router.post(streamPaths.verification, async (ctx) => {
    const clientId = await limited(ctx, ports)
    const { state, stream_id: id } = read(verificationBody, await readJson(ctx))
    const stream = await streamOf(clientId, id, eventStreams)
    // A disabled stream drops the event as it drops all others (8.1.2.1).
    if (stream.status !== 'disabled')
      await eventQueue.addToStream(stream.id, { name: 'verification', state })
    ctx.set('Cache-Control', 'no-store')
    ctx.status = 204
  })
}

async function limited(ctx: Context, ports: StreamPorts): Promise<string> {
  const subject = await receiverOf(ctx, ports, 'manage')
  const { requests } = ports.policy.events
  const taken = await ports.limits.take([{ name: 'events.requests', subject, ...requests }])
  if (!taken.ok) throw new StreamRefusal(429, 'Too many requests.', taken.retryAfter)
  return subject
}
