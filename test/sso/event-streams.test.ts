import { until } from '../../sandbox/ports.mjs'
import {
  type EventReceiver,
  eventReceiver,
  eventUri,
  poll,
  push,
  pushEndpoint,
  receiverClient,
} from '../support/event-receiver.ts'
import { testPlatform } from '../support/platform.ts'

let platform: Awaited<ReturnType<typeof testPlatform>>
let one: EventReceiver
let other: EventReceiver
let endpoint: Awaited<ReturnType<typeof pushEndpoint>>
beforeAll(async () => {
  const clients = ['one', 'other'].map((id) => receiverClient(id))
  platform = await testPlatform({ clients })
  one = await eventReceiver(platform.issuer, 'one')
  other = await eventReceiver(platform.issuer, 'other')
  endpoint = await pushEndpoint()
})
afterAll(async () => {
  endpoint.close()
  await platform.close()
})
afterEach(async () => {
  endpoint.answerWith({ status: 202 })
  for (const receiver of [one, other]) {
    const { body } = await receiver.ask('GET', '/ssf/streams')
    for (const { stream_id: id } of body)
      await receiver.ask('DELETE', `/ssf/streams?stream_id=${id}`)
  }
})

const verify = (stream: { readonly stream_id: string }, state?: string) =>
  one.ask('POST', '/ssf/verification', { stream_id: stream.stream_id, state })

test('the metadata name the endpoints of the transmitter', async () => {
  const { body, status } = await one.ask('GET', '/.well-known/ssf-configuration', undefined, {})
  const { issuer } = platform
  expect(status).toBe(200)
  expect(body).toEqual({
    spec_version: '1_0',
    issuer,
    jwks_uri: `${issuer}/jwks`,
    delivery_methods_supported: [push, poll],
    configuration_endpoint: `${issuer}/ssf/streams`,
    status_endpoint: `${issuer}/ssf/status`,
    add_subject_endpoint: `${issuer}/ssf/subjects/add`,
    remove_subject_endpoint: `${issuer}/ssf/subjects/remove`,
    verification_endpoint: `${issuer}/ssf/verification`,
    authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
    default_subjects: 'ALL',
  })
})

describe('a stream', () => {
  test('is created, read, updated, replaced and deleted by its receiver', async () => {
    const requested = [eventUri.sessionRevoked, 'urn:of:somebody:else']
    const created = await one.create(undefined, { events_requested: requested, description: 'a' })
    expect(created).toMatchObject({
      iss: platform.issuer,
      aud: 'one',
      events_requested: requested,
      events_delivered: [eventUri.sessionRevoked],
      description: 'a',
    })
    expect(created.delivery).toEqual({
      method: poll,
      endpoint_url: `${platform.issuer}/ssf/poll/${created.stream_id}`,
    })
    const address = `/ssf/streams?stream_id=${created.stream_id}`
    expect(await one.ask('GET', address)).toMatchObject({ status: 200, body: created })
    expect((await one.ask('GET', '/ssf/streams')).body).toEqual([created])

    const patch = { stream_id: created.stream_id, description: 'b' }
    const patched = await one.ask('PATCH', '/ssf/streams', patch)
    expect(patched).toMatchObject({ status: 200, body: { ...created, description: 'b' } })
    const put = { ...patched.body, events_requested: [eventUri.accountPurged] }
    delete put.description
    delete put.events_delivered
    const replaced = await one.ask('PUT', '/ssf/streams', put)
    expect(replaced.status).toBe(200)
    expect(replaced.body).toEqual({ ...put, events_delivered: [eventUri.accountPurged] })

    expect((await one.ask('DELETE', address)).status).toBe(204)
    expect((await one.ask('GET', '/ssf/streams')).body).toEqual([])
  })

  test('keeps the header of its pushes when it is written back as it was read', async () => {
    const delivery = {
      method: push,
      endpoint_url: endpoint.url,
      authorization_header: 'Bearer of the receiver',
    }
    const stream = await one.create(delivery)
    expect(JSON.stringify(stream)).not.toContain('of the receiver')
    await one.ask('PUT', '/ssf/streams', stream)
    const before = endpoint.received.length
    await verify(stream)
    await until(async () => endpoint.received.length > before, { seconds: 60, what: 'a push' })
    expect(endpoint.received.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer of the receiver',
      'content-type': 'application/secevent+jwt',
    })
  })

  test('is one at most for each client', async () => {
    const both = await Promise.all([1, 2].map(() => one.ask('POST', '/ssf/streams', {})))
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
    expect(both.find(({ status }) => status === 409)?.body.err).toBe('conflict')
  })

  test('is found by its own receiver only', async () => {
    const { stream_id: id, delivery } = await one.create()
    const requests: [method: string, address: string, body?: object][] = [
      ['GET', `/ssf/streams?stream_id=${id}`],
      ['PATCH', '/ssf/streams', { stream_id: id }],
      ['PUT', '/ssf/streams', { stream_id: id }],
      ['DELETE', `/ssf/streams?stream_id=${id}`],
      ['GET', `/ssf/status?stream_id=${id}`],
      ['POST', '/ssf/status', { stream_id: id, status: 'paused' }],
      ['POST', '/ssf/subjects/add', { stream_id: id, subject: { format: 'opaque', id: 'a' } }],
      ['POST', '/ssf/subjects/remove', { stream_id: id, subject: { format: 'opaque', id: 'a' } }],
      ['POST', '/ssf/verification', { stream_id: id }],
      ['POST', delivery.endpoint_url, { returnImmediately: true }],
    ]
    for (const request of requests) {
      const { body, status } = await other.ask(...request)
      expect([request, status, body.err]).toEqual([request, 404, 'not_found'])
    }
  })
})

describe('a request is refused', () => {
  test('with 401 without a valid token in the header', async () => {
    for (const headers of [{}, { Authorization: 'Bearer of-nobody' }]) {
      const {
        body,
        headers: got,
        status,
      } = await one.ask('GET', '/ssf/streams', undefined, headers)
      expect([status, body.err]).toEqual([401, 'authentication_failed'])
      expect(got.get('www-authenticate')).toMatch(/^Bearer realm=/)
    }
    const inQuery = `/ssf/streams?access_token=${one.token}`
    expect((await one.ask('GET', inQuery, undefined, {})).status).toBe(401)
  })

  test('with 403 if the scope of the token is too small', async () => {
    const reader = await eventReceiver(platform.issuer, 'one', 'ssf.read')
    expect((await reader.ask('GET', '/ssf/streams')).status).toBe(200)
    const { body, headers, status } = await reader.ask('POST', '/ssf/streams', {})
    expect([status, body.err]).toEqual([403, 'access_denied'])
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    const neither = await eventReceiver(platform.issuer, 'one', 'profile')
    expect((await neither.ask('GET', '/ssf/streams')).status).toBe(403)
  })

  test.each([
    ['that is no JSON', ';{ broken'],
    ['with an unknown delivery method', { delivery: { method: 'urn:of:nobody' } }],
    ['without an address to push to', { delivery: { method: push } }],
    ['with a plain address', { delivery: { method: push, endpoint_url: 'http://rp.test/' } }],
    [
      'with a header of two lines',
      { delivery: { ...{ method: push }, authorization_header: 'a\nb' } },
    ],
    ['with events that are no list', { events_requested: 'all' }],
  ])('with 400 for a body %s', async (_, body) => {
    const answer = await one.ask('POST', '/ssf/streams', body)
    expect([answer.status, answer.body.err]).toEqual([400, 'invalid_request'])
  })

  test('with 400 if it names another value for what the platform supplies', async () => {
    const { stream_id: id } = await one.create()
    for (const wrong of [{ iss: 'https://else.test' }, { aud: 'other' }, { events_delivered: [] }])
      for (const method of ['PATCH', 'PUT']) {
        const { status } = await one.ask(method, '/ssf/streams', { stream_id: id, ...wrong })
        expect([method, wrong, status]).toEqual([method, wrong, 400])
      }
    const bodies: [address: string, body: object][] = [
      ['/ssf/status', { stream_id: id, status: 'asleep' }],
      ['/ssf/status', { status: 'paused' }],
      ['/ssf/subjects/add', { stream_id: id, subject: 'a' }],
      ['/ssf/subjects/remove', { stream_id: id, subject: { format: 'iss_sub', sub: 'a' } }],
      ['/ssf/verification', {}],
      [`/ssf/poll/${id}`, { ack: 'all' }],
    ]
    for (const [address, body] of bodies)
      expect([address, (await one.ask('POST', address, body)).status]).toEqual([address, 400])
    expect((await one.ask('DELETE', '/ssf/streams')).status).toBe(400)
  })

  test('with 404 or 405 in JSON where there is no such endpoint', async () => {
    expect((await one.ask('GET', '/ssf/nothing')).body).toMatchObject({ err: 'not_found' })
    expect((await one.ask('DELETE', '/ssf/status')).status).toBe(405)
  })
})

describe('a verification event', () => {
  test('is polled, again and again until it is acknowledged', async () => {
    const stream = await one.create()
    expect((await verify(stream, 'a state')).status).toBe(204)
    const [event] = await one.polled(stream)
    expect(event).toMatchObject({
      sub_id: { format: 'opaque', id: stream.stream_id },
      events: { [eventUri.verification]: { state: 'a state' } },
      txn: expect.any(String),
    })
    expect(event).not.toHaveProperty('sub')
    expect(event).not.toHaveProperty('exp')
    expect(await one.polled(stream)).toEqual([event])
    expect(await one.polled(stream, [String(event?.jti)])).toEqual([])
  })

  test('ends a poll that waits', async () => {
    const stream = await one.create()
    const waiting = one.ask('POST', stream.delivery.endpoint_url, { maxEvents: 1 })
    await verify(stream)
    await verify(stream)
    const { body } = await waiting
    expect(Object.keys(body.sets)).toHaveLength(1)
    const none = await one.ask('POST', stream.delivery.endpoint_url, { maxEvents: 0 })
    expect(none.body).toEqual({ sets: {} })
  })

  test('of which the receiver reports an error is not returned again', async () => {
    const stream = await one.create()
    await verify(stream)
    const [event] = await one.polled(stream)
    const setErrs = { [String(event?.jti)]: { err: 'invalid_state', description: 'personal?' } }
    const ask = { returnImmediately: true, setErrs }
    expect((await one.ask('POST', stream.delivery.endpoint_url, ask)).body).toEqual({ sets: {} })
  })

  test('is pushed, without a header if the receiver named none', async () => {
    const before = endpoint.received.length
    const stream = await one.create({ method: push, endpoint_url: endpoint.url })
    await verify(stream, 'pushed')
    await until(async () => endpoint.received.length > before, { seconds: 60, what: 'a push' })
    const { headers, token = '' } = endpoint.received.at(-1) ?? {}
    expect(headers).not.toHaveProperty('authorization')
    expect(await one.verified(token)).toMatchObject({
      events: { [eventUri.verification]: { state: 'pushed' } },
    })
    expect((await one.ask('POST', `/ssf/poll/${stream.stream_id}`, {})).status).toBe(400)
  })

  test('waits while the stream is paused, and is dropped when it is disabled', async () => {
    const stream = await one.create()
    const { stream_id: id } = stream
    const become = (status: string, reason?: string) =>
      one.ask('POST', '/ssf/status', { stream_id: id, status, reason })
    expect((await become('paused', 'at night')).body).toEqual({
      ...{ stream_id: id, status: 'paused' },
      reason: 'at night',
    })
    await verify(stream)
    expect(await one.polled(stream)).toEqual([])
    const read = await one.ask('GET', `/ssf/status?stream_id=${id}`)
    expect(read.body).toMatchObject({ status: 'paused', reason: 'at night' })
    await become('enabled')
    expect(await one.polled(stream)).toHaveLength(1)
    await become('disabled')
    expect((await verify(stream)).status).toBe(204)
    await become('enabled')
    expect(await one.polled(stream)).toEqual([])
  })
})

test('subjects are added and removed, whether the platform knows them or not', async () => {
  const { stream_id } = await one.create()
  for (const subject of [
    { format: 'iss_sub', iss: platform.issuer, sub: 'nobody' },
    { format: 'email', email: 'a@rp.test' },
  ]) {
    const body = { stream_id, subject }
    expect((await one.ask('POST', '/ssf/subjects/remove', body)).status).toBe(204)
    expect((await one.ask('POST', '/ssf/subjects/add', body)).status).toBe(200)
  }
})

test('a request about a person cannot ask for the scopes of a stream', async () => {
  const query = new URLSearchParams({
    ...{ client_id: 'one', response_type: 'code', redirect_uri: 'http://localhost/callback' },
    ...{ scope: 'openid ssf.manage', code_challenge_method: 'S256' },
    ...{ code_challenge: 'a'.repeat(43), state: 'a' },
  })
  const response = await fetch(`${platform.issuer}/auth?${query}`, { redirect: 'manual' })
  expect(response.headers.get('location')).toContain('error=invalid_scope')
})
