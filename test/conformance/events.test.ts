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

/** The plans for transmitters of the Shared Signals Framework, the second one by the CAEP Interoperability Profile. */

const plan = JSON.parse(
  readFileSync(new URL('../../docs/conformance/plan-ssf.json', import.meta.url), 'utf8'),
)
const { client_id: id, client_secret: secret, scope } = plan.client
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
    receiverClient(id, {
      ...{ client_secret: secret, require_pkce: false, require_nonce: false },
    }),
  ])
  suite = await eventReceiver(tested.proxy.url, id, scope, secret)
  reader = await eventReceiver(tested.proxy.url, id, 'ssf.read', secret)
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
  expect(stream).toMatchObject({ iss: tested.proxy.url, aud: id, delivery: { method } })
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

/** Modules that expect a refusal: the request of each, and its status. */
const refusals: Readonly<
  Record<
    string,
    readonly [status: number, method: string, path: string, body?: unknown, headers?: object]
  >
> = {
  'create-stream-with-broken-input': [400, 'POST', '/ssf/streams', broken],
  'create-stream-with-invalid-token': [401, 'POST', '/ssf/streams', {}, wrong],
  'read-stream-without-token': [401, 'GET', '/ssf/streams', undefined, {}],
  'read-stream-with-invalid-token': [401, 'GET', '/ssf/streams', undefined, wrong],
  'read-unknown-stream': [404, 'GET', '/ssf/streams?stream_id=GONE'],
  'read-stream-status-with-invalid-token': [
    401,
    'GET',
    '/ssf/status?stream_id=GONE',
    undefined,
    wrong,
  ],
  'read-status-of-unknown-stream': [404, 'GET', '/ssf/status?stream_id=GONE'],
  'update-stream-with-invalid-token': [401, 'PATCH', '/ssf/streams', { stream_id: 'GONE' }, wrong],
  'update-stream-with-invalid-body': [400, 'PATCH', '/ssf/streams', broken],
  'update-unknown-stream': [404, 'PATCH', '/ssf/streams', { stream_id: 'GONE' }],
  'replace-stream-with-invalid-token': [401, 'PUT', '/ssf/streams', { stream_id: 'GONE' }, wrong],
  'replace-stream-with-invalid-body': [400, 'PUT', '/ssf/streams', broken],
  'replace-unknown-stream': [404, 'PUT', '/ssf/streams', { stream_id: 'GONE' }],
  'delete-stream-with-invalid-token': [
    401,
    'DELETE',
    '/ssf/streams?stream_id=GONE',
    undefined,
    wrong,
  ],
  'delete-unknown-stream': [404, 'DELETE', '/ssf/streams?stream_id=GONE'],
}
test.each(Object.entries(refusals))('openid-ssf-stream-control-error-%s', async (_, given) => {
  const [expected, method, path, body, headers] = given
  const gone = await goneStream()
  const sent =
    typeof body === 'object' ? JSON.parse(JSON.stringify(body).replace('GONE', gone)) : body
  const answer = await suite.ask(method, path.replace('GONE', gone), sent, headers as undefined)
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

describe('openid-ssf-transmitter-stream-verification', () => {
  const verify = async ({ stream_id }: { readonly stream_id: string }, state: string) =>
    expect((await suite.ask('POST', '/ssf/verification', { stream_id, state })).status).toBe(204)

  /** The checks of each verification event. */
  async function expectVerified(token: string, streamId: string, state: string) {
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'secevent+jwt' })
    const claims = await suite.verified(token)
    expect(claims).toMatchObject({
      sub_id: { format: 'opaque', id: streamId },
      txn: expect.any(String),
    })
    expect(claims['events']).toEqual({ [eventUri.verification]: { state } })
    expect(claims.iat).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000))
    for (const absent of ['sub', 'exp']) expect(claims).not.toHaveProperty(absent)
  }
  type Polled = { readonly sets: Readonly<Record<string, string>> }
  const ask = async (
    stream: { delivery: { endpoint_url: string } },
    body: object,
  ): Promise<Polled> => (await suite.ask('POST', stream.delivery.endpoint_url, body)).body

  test.each(['push', 'error-push-no-auth'])('-%s', async (module) => {
    const header = module === 'push' && { authorization_header: 'Bearer of-the-suite' }
    const before = endpoint.received.length
    const stream = await create({ method: push, endpoint_url: endpoint.url, ...header })
    await verify(stream, 'a state')
    await until(async () => endpoint.received.length > before, { seconds: 60, what: 'a push' })
    const { headers, token = '' } = endpoint.received.at(-1) ?? {}
    await expectVerified(token, stream.stream_id, 'a state')
    expect(headers?.['authorization']).toBe(header ? header.authorization_header : undefined)
  })

  test('-poll-only and -ack-only', async () => {
    const stream = await create()
    await verify(stream, 'a state')
    const { sets } = await ask(stream, { maxEvents: 10, returnImmediately: true })
    await expectVerified(String(Object.values(sets)[0]), stream.stream_id, 'a state')
    const ack = Object.keys(sets)
    expect(await ask(stream, { maxEvents: 0, returnImmediately: true, ack })).toEqual({ sets: {} })
  })

  test('-poll-and-ack', async () => {
    const stream = await create()
    await verify(stream, 'the first')
    const first = await ask(stream, { maxEvents: 10, returnImmediately: true })
    await verify(stream, 'the second')
    const ack = Object.keys(first.sets)
    const { sets } = await ask(stream, { maxEvents: 10, returnImmediately: true, ack })
    expect(Object.keys(sets)).toHaveLength(1)
    await expectVerified(String(Object.values(sets)[0]), stream.stream_id, 'the second')
  })

  test('-long-poll', async () => {
    const stream = await create()
    const waiting = ask(stream, { maxEvents: 10, returnImmediately: false })
    await verify(stream, 'a state')
    await expectVerified(
      String(Object.values((await waiting).sets)[0]),
      stream.stream_id,
      'a state',
    )
  })

  test('-error-invalid-body, -invalid-token and -unknown-stream', async () => {
    const { stream_id } = await create()
    const statusOf = async (body: unknown, headers?: object) =>
      (await suite.ask('POST', '/ssf/verification', body, headers as undefined)).status
    expect(await statusOf(broken)).toBe(400)
    expect(await statusOf({ stream_id }, wrong)).toBe(401)
    expect(await statusOf({ stream_id: 'unknown' })).toBe(404)
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
  const request = tested.request({ redirect_uri: rpCallback }, { client_id: id, client_secret: '' })
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
