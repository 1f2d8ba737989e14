import { readFileSync } from 'node:fs'
import { decodeProtectedHeader } from 'jose'
import { until } from '../../sandbox/ports.mjs'
import { credentials, signIn } from '../sso/platform.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  type EventReceiver,
  eventReceiver,
  eventUri,
  poll,
  push,
  pushEndpoint,
  receiverClient,
} from '../support/event-receiver.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { newPassword } from '../support/recovering.ts'
import { type Json, type SuitePlatform, suitePlatform } from './suite-platform.ts'

/**
 * The modules of the plans for transmitters of the Shared Signals Framework, each by its name: `openid-ssf-transmitter-test-plan`
 * and, by the CAEP Interoperability Profile, `openid-ssf-transmitter-caep-test-plan` (docs/conformance.md).
 */

const plan = JSON.parse(
  readFileSync(new URL('../../docs/conformance/plan-ssf.json', import.meta.url), 'utf8'),
)
const { client_id: suiteId, client_secret: secret, scope } = plan.client
const caep = 'https://schemas.openid.net/secevent/caep/event-type/'
/** The events that the suite requests. */
const requested = ['session-revoked', 'credential-change', 'device-compliance-change'].map(
  (name) => caep + name,
)

let tested: SuitePlatform
let suite: EventReceiver
let reader: EventReceiver
let endpoint: Awaited<ReturnType<typeof pushEndpoint>>
beforeAll(async () => {
  tested = await suitePlatform()
  await tested.platform.restartWith([
    receiverClient(suiteId, {
      ...{ client_secret: secret, require_pkce: false, require_nonce: false },
    }),
  ])
  suite = await eventReceiver(tested.proxy.url, suiteId, scope, secret)
  reader = await eventReceiver(tested.proxy.url, suiteId, 'ssf.read', secret)
  endpoint = await pushEndpoint()
})
afterAll(async () => {
  endpoint.close()
  await tested.close()
})
afterEach(async () => {
  const { body } = await suite.ask('GET', '/ssf/streams')
  for (const { stream_id } of body) await suite.ask('DELETE', at('/ssf/streams', stream_id))
})

const at = (path: string, streamId: string) => `${path}?stream_id=${streamId}`
const rpCallback = 'http://localhost/callback'
const wrong = { Authorization: 'Bearer an-invalid-token' }
const broken = ';{ broken'
const create = (delivery: object = { method: poll }) =>
  suite.create(delivery, { events_requested: requested })
/** The id of a stream that existed. */
async function goneStream(): Promise<string> {
  const { stream_id: gone } = await create()
  expect((await suite.ask('DELETE', at('/ssf/streams', gone))).status).toBe(204)
  return gone
}

test('openid-ssf-transmitter-metadata', async () => {
  const { body, headers, status } = await suite.ask('GET', '/.well-known/ssf-configuration')
  expect([status, headers.get('content-type')]).toEqual([
    200,
    expect.stringMatching(/^application\/json/),
  ])
  expect(body.issuer).toBe(tested.proxy.url)
  for (const [name, value] of Object.entries<string>(body))
    if (/_endpoint$|_uri$/.test(name))
      expect([name, value]).toEqual([name, expect.stringMatching(/^https:/)])
  expect(body).toMatchObject({
    spec_version: '1_0',
    authorization_schemes: expect.arrayContaining([{ spec_urn: 'urn:ietf:rfc:6749' }]),
    delivery_methods_supported: expect.arrayContaining([push, poll]),
  })
  expect(['ALL', 'NONE']).toContain(body.default_subjects)
  for (const value of Object.values(body)) if (Array.isArray(value)) expect(value).not.toEqual([])
  const keys = (await suite.ask('GET', body.jwks_uri)).body.keys
  const rsa = keys.filter(({ alg }: { alg: string }) => alg === 'RS256')
  for (const { n } of rsa)
    expect(Buffer.from(n, 'base64url').length * 8).toBeGreaterThanOrEqual(2048)
})

test.each([poll, push])('openid-ssf-stream-control-happy-path, %s', async (method) => {
  const delivery =
    method === push
      ? { method, endpoint_url: endpoint.url, authorization_header: 'Bearer of-the-suite' }
      : { method }
  const stream = await create(delivery)
  const { stream_id: streamId } = stream
  expect(stream).toMatchObject({ iss: tested.proxy.url, aud: suiteId, delivery: { method } })
  expect(stream.events_delivered).toEqual(requested.slice(0, 2))
  const read = await suite.ask('GET', at('/ssf/streams', streamId))
  expect(read).toMatchObject({ status: 200, body: stream })
  const config = { delivery, events_requested: requested, stream_id: streamId }
  for (const [ask, description] of [
    ['PATCH', 'Updated'],
    ['PUT', 'Replaced'],
  ] as const) {
    const { body, status } = await suite.ask(ask, '/ssf/streams', { ...config, description })
    expect([status, body]).toEqual([200, { ...stream, description }])
  }
  const status = await suite.ask('GET', at('/ssf/status', streamId))
  expect(status).toMatchObject({ status: 200, body: { stream_id: streamId, status: 'enabled' } })
  for (const next of ['enabled', 'paused', 'disabled']) {
    const body = { stream_id: streamId, status: next, reason: `to ${next}` }
    expect(await suite.ask('POST', at('/ssf/status', streamId), body)).toMatchObject({
      ...{ status: 200, body },
    })
  }
  expect((await suite.ask('DELETE', at('/ssf/streams', streamId))).status).toBe(204)
})

/** Modules that expect a refusal: the request of each, and its status. GONE is a stream that existed, OWN one that exists. */
const refusals: Readonly<
  Record<
    string,
    readonly [status: number, method: string, path: string, body?: unknown, headers?: object]
  >
> = {
  'stream-control-error-create-stream-with-broken-input': [400, 'POST', '/ssf/streams', broken],
  'stream-control-error-create-stream-with-invalid-token': [401, 'POST', '/ssf/streams', {}, wrong],
  'stream-control-error-read-stream-without-token': [401, 'GET', '/ssf/streams', undefined, {}],
  'stream-control-error-read-stream-with-invalid-token': [
    ...([401, 'GET', '/ssf/streams', undefined] as const),
    wrong,
  ],
  'stream-control-error-read-unknown-stream': [404, 'GET', '/ssf/streams?stream_id=GONE'],
  'stream-control-error-read-stream-status-with-invalid-token': [
    ...([401, 'GET', '/ssf/status?stream_id=GONE', undefined] as const),
    wrong,
  ],
  'stream-control-error-read-status-of-unknown-stream': [404, 'GET', '/ssf/status?stream_id=GONE'],
  'stream-control-error-update-stream-with-invalid-token': [
    ...([401, 'PATCH', '/ssf/streams', { stream_id: 'GONE' }] as const),
    wrong,
  ],
  'stream-control-error-update-stream-with-invalid-body': [400, 'PATCH', '/ssf/streams', broken],
  'stream-control-error-update-unknown-stream': [
    ...([404, 'PATCH', '/ssf/streams', { stream_id: 'GONE' }] as const),
  ],
  'stream-control-error-replace-stream-with-invalid-token': [
    ...([401, 'PUT', '/ssf/streams', { stream_id: 'GONE' }] as const),
    wrong,
  ],
  'stream-control-error-replace-stream-with-invalid-body': [400, 'PUT', '/ssf/streams', broken],
  'stream-control-error-replace-unknown-stream': [
    ...([404, 'PUT', '/ssf/streams', { stream_id: 'GONE' }] as const),
  ],
  'stream-control-error-delete-stream-with-invalid-token': [
    ...([401, 'DELETE', '/ssf/streams?stream_id=GONE', undefined] as const),
    wrong,
  ],
  'stream-control-error-delete-unknown-stream': [404, 'DELETE', '/ssf/streams?stream_id=GONE'],
  'transmitter-stream-verification-error-invalid-body': [400, 'POST', '/ssf/verification', broken],
  'transmitter-stream-verification-error-invalid-token': [
    ...([401, 'POST', '/ssf/verification', { stream_id: 'OWN' }] as const),
    wrong,
  ],
  'transmitter-stream-verification-error-unknown-stream': [
    ...([404, 'POST', '/ssf/verification', { stream_id: 'GONE' }] as const),
  ],
}
test.each(Object.entries(refusals))('openid-ssf-%s', async (_, given) => {
  const [expected, method, path, body, headers] = given
  const gone = await goneStream()
  const { stream_id: own } = await create()
  const named = (text: string) => text.replace('GONE', gone).replace('OWN', own)
  const sent = typeof body === 'object' ? JSON.parse(named(JSON.stringify(body))) : body
  const answer = await suite.ask(method, named(path), sent, headers as undefined)
  expect(answer.status).toBe(expected)
  const challenge = answer.headers.get('www-authenticate')
  if (expected === 401) expect(challenge).toMatch(/^Bearer /)
  if (headers === wrong) expect(challenge).toContain('error="invalid_token"')
})

test('openid-ssf-stream-control-error-create-stream-with-read-only-token', async () => {
  const { headers, status } = await reader.ask('POST', '/ssf/streams', {})
  expect(status).toBe(403)
  expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"')
})

test('openid-ssf-stream-control-error-token-in-uri-query', async () => {
  const address = `/ssf/streams?access_token=${suite.token}`
  expect((await suite.ask('GET', address, undefined, {})).status).toBe(401)
})

test('openid-ssf-stream-control-error-create-stream-with-duplicate-config', async () => {
  await create()
  expect((await suite.ask('POST', '/ssf/streams', {})).status).toBe(409)
})

test('openid-ssf-stream-subject-control', async () => {
  const { stream_id } = await create()
  const { valid: subject } = plan.ssf.subjects
  expect((await suite.ask('POST', '/ssf/subjects/add', { stream_id, subject })).status).toBe(200)
  expect((await suite.ask('POST', '/ssf/subjects/remove', { stream_id, subject })).status).toBe(204)
})

test('openid-ssf-stream-control-create-stream-without-delivery', async () => {
  const { status, body } = await suite.ask('POST', '/ssf/streams', { description: 'The suite' })
  expect([status, body.delivery]).toEqual([
    201,
    { method: poll, endpoint_url: `${tested.proxy.url}/ssf/poll/${body.stream_id}` },
  ])
})

test('openid-ssf-transmitter-poll-endpoint-url-unique-per-stream', async () => {
  await create()
  // The module is skipped for a transmitter with one stream for each receiver, which it knows by the second answer.
  const { body, status } = await suite.ask('POST', '/ssf/streams', { delivery: { method: poll } })
  expect([status, body.err]).toEqual([409, 'conflict'])
  const [only, ...others] = (await suite.ask('GET', '/ssf/streams')).body
  expect([only.delivery.endpoint_url.endsWith(only.stream_id), others]).toEqual([true, []])
})

type Stream = { readonly stream_id: string; readonly delivery: { readonly endpoint_url: string } }
const verify = async ({ stream_id }: Stream, state: string) =>
  expect((await suite.ask('POST', '/ssf/verification', { stream_id, state })).status).toBe(204)

/** The checks of each verification event. */
async function expectVerified(token: string, { stream_id: id }: Stream, state: string) {
  expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'secevent+jwt' })
  const claims = await suite.verified(token)
  expect(claims).toMatchObject({ sub_id: { format: 'opaque', id }, jti: expect.any(String) })
  expect(claims).toMatchObject({ iss: tested.proxy.url, aud: suiteId, txn: expect.any(String) })
  expect(claims['events']).toEqual({ [eventUri.verification]: { state } })
  expect(claims.iat).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000))
  for (const absent of ['sub', 'exp']) expect(claims).not.toHaveProperty(absent)
}

/** Polls as the suite does, and returns the events that wait. */
async function polledSets({ delivery }: Stream, body: object = {}) {
  const request = { maxEvents: 10, returnImmediately: true, ...body }
  const answer = await suite.ask('POST', delivery.endpoint_url, request)
  expect(answer.status).toBe(200)
  return answer.body.sets as Readonly<Record<string, string>>
}

async function expectPolled(sets: Readonly<Record<string, string>>, stream: Stream, state: string) {
  expect(Object.keys(sets)).toHaveLength(1)
  await expectVerified(String(Object.values(sets)[0]), stream, state)
}

const nextPush = async (before: number) => {
  await until(async () => endpoint.received.length > before, { seconds: 60, what: 'a push' })
  const { headers, token = '' } = endpoint.received[before] ?? {}
  return { token, authorization: headers?.['authorization'] }
}
const pushed = { method: push, authorization_header: 'Bearer of-the-suite' }

test('openid-ssf-transmitter-stream-verification-push', async () => {
  const before = endpoint.received.length
  const stream = await create({ ...pushed, endpoint_url: endpoint.url })
  await verify(stream, 'a state')
  const { authorization, token } = await nextPush(before)
  await expectVerified(token, stream, 'a state')
  expect(authorization).toBe(pushed.authorization_header)
})

test('openid-ssf-transmitter-stream-verification-error-push-no-auth', async () => {
  const before = endpoint.received.length
  const stream = await create({ method: push, endpoint_url: endpoint.url })
  await verify(stream, 'a state')
  const { authorization, token } = await nextPush(before)
  await expectVerified(token, stream, 'a state')
  expect(authorization).toBeUndefined()
})

test('openid-ssf-transmitter-stream-verification-poll-only', async () => {
  const stream = await create()
  await verify(stream, 'a state')
  await expectPolled(await polledSets(stream), stream, 'a state')
})

test('openid-ssf-transmitter-stream-verification-ack-only', async () => {
  const stream = await create()
  await verify(stream, 'a state')
  const sets = await polledSets(stream)
  await expectPolled(sets, stream, 'a state')
  expect(await polledSets(stream, { maxEvents: 0, ack: Object.keys(sets) })).toEqual({})
  expect(await polledSets(stream)).toEqual({})
})

test('openid-ssf-transmitter-stream-verification-poll-and-ack', async () => {
  const stream = await create()
  await verify(stream, 'the first')
  const ack = Object.keys(await polledSets(stream))
  await verify(stream, 'the second')
  await expectPolled(await polledSets(stream, { ack }), stream, 'the second')
})

test('openid-ssf-transmitter-stream-verification-long-poll', async () => {
  const stream = await create()
  const waiting = polledSets(stream, { returnImmediately: false })
  await verify(stream, 'a state')
  await expectPolled(await waiting, stream, 'a state')
})

test('openid-ssf-transmitter-stream-verification-set-errs', async () => {
  const stream = await create()
  await verify(stream, 'a state')
  const sets = await polledSets(stream)
  await expectPolled(sets, stream, 'a state')
  const reasons = Object.keys(sets).map((jti) => [jti, { err: 'jws', description: 'of the suite' }])
  const setErrs = Object.fromEntries(reasons)
  expect(await polledSets(stream, { maxEvents: 0, setErrs })).toEqual({})
  expect(await polledSets(stream)).toEqual({})
})

describe.each(['poll', 'push'])('by %s', (method) => {
  /** Creates a stream, stops it, and requests an event while it is stopped. */
  async function stopped(status: 'paused' | 'disabled') {
    const before = endpoint.received.length
    const delivery =
      method === 'push' ? { ...pushed, endpoint_url: endpoint.url } : { method: poll }
    const stream: Stream = await create(delivery)
    const { stream_id } = stream
    const become = async (next: string) =>
      expect(await suite.ask('POST', '/ssf/status', { stream_id, status: next })).toMatchObject({
        status: 200,
        body: { stream_id, status: next },
      })
    const read = await suite.ask('GET', at('/ssf/status', stream_id))
    expect(read.body).toMatchObject({ status: 'enabled' })
    await become(status)
    await verify(stream, 'while it is stopped')
    if (method === 'poll') expect(await polledSets(stream)).toEqual({})
    expect(endpoint.received).toHaveLength(before)
    await become('enabled')
    return {
      stream,
      expectOnly: async (state: string) => {
        if (method === 'poll') return expectPolled(await polledSets(stream), stream, state)
        await expectVerified((await nextPush(before)).token, stream, state)
      },
    }
  }

  test('openid-ssf-transmitter-paused-stream-holds-events', async () => {
    const { expectOnly } = await stopped('paused')
    await expectOnly('while it is stopped')
  })

  test('openid-ssf-transmitter-disabled-stream-drops-events', async () => {
    const { stream, expectOnly } = await stopped('disabled')
    await verify(stream, 'enabled again')
    await expectOnly('enabled again')
  })
})

test('openid-ssf-transmitter-poll-endpoint-authorization', async () => {
  const { delivery } = await create()
  for (const headers of [{}, wrong]) {
    const answer = await suite.ask('POST', delivery.endpoint_url, {}, headers)
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer /)
  }
})

test('openid-ssf-transmitter-stream-caep-interop', async () => {
  const stream = await create()
  expect(stream.events_delivered.some((uri: string) => requested.includes(uri))).toBe(true)
  const request = tested.request(
    { redirect_uri: rpCallback },
    { client_id: suiteId, client_secret: '' },
  )
  await signIn(cookieBrowser(), request, credentials, rpCallback)
  const at = personAtForms()
  const login = await at.open(`${tested.proxy.url}/account/password`)
  const page = await at.send(login, credentials)
  const changed = newPassword('another staple 4711')
  await at.send(page, { presentPassword: credentials.password, ...changed })
  const events = await suite.polled(stream)
  const types = events.map((claims) => Object.keys(claims['events']))
  expect(types).toEqual([[eventUri.credentialChange], [eventUri.sessionRevoked]])
  for (const claims of events) {
    const [event] = Object.values<Json>(claims['events'])
    expect(claims['sub_id']).toMatchObject({ format: 'iss_sub', iss: tested.proxy.url })
    expect(event?.['event_timestamp']).toEqual(expect.any(Number))
    expect(Object.values(event?.['reason_admin'] as object)).toEqual(
      expect.arrayContaining([expect.stringMatching(/./)]),
    )
  }
  expect(Object.values(events[0]?.['events'])[0]).toMatchObject({
    ...{ credential_type: 'password', change_type: 'update' },
  })
})
