import Router from '@koa/router'
import type { EventStream } from '../ports/sso/event-streams.ts'
import type { Context, WebState } from '../web/context.ts'
import { readJson } from '../web/http/read-json.ts'
import { pollEvents } from './poll-events.ts'
import { changedSettingsBody, pollBody, read, settingsBody, statusBody } from './stream-bodies.ts'
import { receiverOf } from './stream-caller.ts'
import {
  expectSuppliedValues,
  patchedSettings,
  settingsOf,
  streamConfiguration,
} from './stream-configuration.ts'
import type { StreamPorts } from './stream-ports.ts'
import { eventsPath, StreamRefusal } from './stream-refusal.ts'
import { streamOf } from './streams-of-receiver.ts'
import { addSubjectRoutes } from './subject-routes.ts'
import { metadataPath, streamPaths, transmitterMetadata } from './transmitter-metadata.ts'

/** The transmitter of the Shared Signals Framework 1.0: its metadata (7), the streams (8), and the poll endpoint (RFC 8936). */
export function streamRoutes(ports: StreamPorts) {
  const { eventStreams, issuer, jwksUri, plainHosts } = ports
  const router = new Router<WebState>()
  const { configuration, status } = streamPaths

  router.get(metadataPath, (ctx) => {
    ctx.set('Cache-Control', 'public, max-age=3600')
    ctx.body = transmitterMetadata(issuer, jwksUri())
  })

  router.post(configuration, async (ctx) => {
    const clientId = await receiverOf(ctx, ports, 'manage')
    const settings = settingsOf(read(settingsBody, await readJson(ctx)), plainHosts)
    const stream = await eventStreams.create(clientId, settings)
    if (!stream) throw new StreamRefusal(409, 'The client has a stream.')
    send(ctx, streamConfiguration(stream, issuer), 201)
  })

  router.get(configuration, async (ctx) => {
    const clientId = await receiverOf(ctx, ports, 'read')
    if (ctx.query['stream_id'] === undefined) {
      const stream = await eventStreams.ofClient(clientId)
      return send(ctx, stream ? [streamConfiguration(stream, issuer)] : [])
    }
    const stream = await streamOf(clientId, ctx.query['stream_id'], eventStreams)
    send(ctx, streamConfiguration(stream, issuer))
  })

  const change = (settings: typeof patchedSettings) => async (ctx: Context) => {
    const clientId = await receiverOf(ctx, ports, 'manage')
    const body = read(changedSettingsBody, await readJson(ctx))
    const stream = await streamOf(clientId, body.stream_id, eventStreams)
    expectSuppliedValues(body, stream, issuer)
    const changed = settings(body, plainHosts, stream)
    await eventStreams.change(stream.id, changed)
    send(ctx, streamConfiguration({ ...stream, settings: changed }, issuer))
  }
  router.patch(configuration, change(patchedSettings))
  router.put(
    configuration,
    change((body, hosts, stream) => settingsOf(body, hosts, stream.settings)),
  )

  router.delete(configuration, async (ctx) => {
    const clientId = await receiverOf(ctx, ports, 'manage')
    const { id } = await streamOf(clientId, ctx.query['stream_id'], eventStreams)
    await eventStreams.remove(id)
    sendNothing(ctx)
  })

  router.get(status, async (ctx) => {
    const clientId = await receiverOf(ctx, ports, 'read')
    send(ctx, statusOf(await streamOf(clientId, ctx.query['stream_id'], eventStreams)))
  })

  router.post(status, async (ctx) => {
    const clientId = await receiverOf(ctx, ports, 'manage')
    const body = read(statusBody, await readJson(ctx))
    const stream = await streamOf(clientId, body.stream_id, eventStreams)
    await eventStreams.setStatus(stream.id, body.status, body.reason)
    send(ctx, statusOf({ ...stream, status: body.status, reason: body.reason }))
  })

  router.post(`${eventsPath}poll/:id`, async (ctx) => {
    const clientId = await receiverOf(ctx, ports, 'read')
    const request = read(pollBody, await readJson(ctx))
    const stream = await streamOf(clientId, ctx.params['id'], eventStreams)
    if (stream.settings.delivery.method !== 'poll')
      throw new StreamRefusal(400, 'Events of this stream are pushed.')
    send(ctx, await pollEvents(stream, request, ports, ctx.state.log))
  })

  addSubjectRoutes(router, ports)
  return router
}

const statusOf = ({ id, reason, status }: EventStream) => ({
  stream_id: id,
  status,
  ...(reason !== undefined && { reason }),
})

function send(ctx: Context, body: object, status = 200): void {
  ctx.status = status
  ctx.set('Cache-Control', 'no-store')
  ctx.body = body
}

function sendNothing(ctx: Context): void {
  ctx.status = 204
  ctx.set('Cache-Control', 'no-store')
}
