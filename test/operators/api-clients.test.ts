import { randomBytes, randomUUID } from 'node:crypto'
import * as oidc from 'openid-client'
import { type SsoPlatform, ssoPlatform } from '../sso/platform.ts'
import { adminApi, fieldsOf, problemOf } from '../support/admin-api.ts'
import { clientPages } from '../support/client-pages.ts'
import { operatorsOf } from '../support/console.ts'

let platform: SsoPlatform
let api: Awaited<ReturnType<typeof adminApi>>
let machine: Awaited<ReturnType<typeof api.newClient>>
beforeAll(async () => {
  platform = await ssoPlatform((usual) => usual, 2)
  api = await adminApi(platform)
  machine = await api.newClient(['admin:clients'])
})
afterAll(() => platform.close())

const reason = '工单 1188'
const usual = {
  client_name: '图书馆',
  redirect_uris: ['https://library.test/callback'],
  scope: 'openid profile',
  reason,
}
const add = (body: object, headers = {}) => machine.call('POST', '/clients', body, headers)
const change = (id: string, body: object) =>
  machine.call('PATCH', `/clients/${encodeURIComponent(id)}`, { reason, ...body })
const eventsOf = async (clientId: string) => {
  const events = platform.stores.mongodb.collection('audit').find({ clientId }).sort({ at: 1 })
  const own = (await events.toArray()).filter(({ what }) => what.startsWith('client-'))
  return own.map(({ what, detail, operator }) => [what, detail, operator])
}
const introspectionOf = async (id: string, secret: string) => {
  const auth = oidc.ClientSecretBasic(secret)
  const options = { execute: [oidc.allowInsecureRequests] }
  const config = await oidc.discovery(new URL(platform.issuer), id, secret, auth, options)
  return oidc.tokenIntrospection(config, 'none').then(
    () => 'known',
    () => 'unknown',
  )
}

test('a client is added, signs in, is changed and gets another secret, and console and API see each other’s changes', async () => {
  const added = await add(usual)
  const { client_id: id, client_secret: secret } = added.body as Record<string, string>
  expect([added.status, added.body]).toEqual([
    201,
    expect.objectContaining({
      ...{ client_id: expect.any(String), client_secret: expect.stringMatching(/^[\w-]{43}$/) },
      ...{ client_name: '图书馆', owner: 'command', disabled: false },
      id_token_signed_response_alg: 'ES256',
    }),
  ])
  expect(added.body).not.toHaveProperty('reason')
  if (!id || !secret) throw new Error('no client')
  expect(await introspectionOf(id, secret)).toBe('known')

  const changed = await change(id, {
    client_name: '市图书馆',
    policy_uri: 'https://library.test/p',
  })
  expect([changed.status, changed.body['client_name']]).toEqual([200, '市图书馆'])
  expect(changed.body).not.toHaveProperty('client_secret')
  const removed = await change(id, { policy_uri: null })
  expect(removed.body).not.toHaveProperty('policy_uri')
  expect((await change(id, { client_name: '市图书馆' })).status).toBe(200)
  const desk = await operatorsOf(platform)
  const admin = await desk.newOperator('system')
  const pages = clientPages(platform, desk, admin)
  expect((await (await desk.signedIn(admin)).get('/clients')).text).toContain('市图书馆')

  const rotated = await machine.call('POST', `/clients/${id}/secret`, { reason })
  expect([rotated.status, Object.keys(rotated.body)]).toEqual([200, ['client_secret']])
  const next = String(rotated.body['client_secret'])
  expect([await introspectionOf(id, next), await introspectionOf(id, secret)]).toEqual([
    'known',
    'known',
  ])
  expect((await machine.call('GET', `/clients/${id}`)).body).toEqual(removed.body)
  await pages.press(id, 'disable')
  expect((await machine.call('GET', `/clients/${id}`)).body['disabled']).toBe(true)
  expect(await eventsOf(id)).toEqual([
    ['client-added', undefined, machine.id],
    ['client-changed', 'client_name,policy_uri', machine.id],
    ['client-changed', 'policy_uri', machine.id],
    ['client-secret-rotated', undefined, machine.id],
    ['client-disabled', undefined, admin.id],
  ])
})

test('with one Idempotency-Key, concurrent requests add one client and get one secret', async () => {
  const key = { 'idempotency-key': randomUUID() }
  const answers = await Promise.all(Array.from({ length: 5 }, () => add(usual, key)))
  const secrets = new Set(
    answers.map(({ body }) => `${body['client_id']} ${body['client_secret']}`),
  )
  expect([secrets.size, answers.map(({ status }) => status)]).toEqual([1, Array(5).fill(201)])
  expect(problemOf(await add({ ...usual, client_name: '别名' }, key))).toBe('422 key-reused')
})

test('errors of metadata are named by their fields and contain no value', async () => {
  const wrong = [
    [
      { scope: 'openid everything', jwks: 7, default_max_age: 'soon' },
      ['default_max_age', 'jwks', 'scope'],
    ],
    [{ redirect_uris: ['https://a.test/#b'] }, ['redirect_uris.0']],
    [{ redirect_uris: [] }, ['redirect_uris']],
    [{ more: true, client_secret: 'x'.repeat(40) }, ['client_secret', 'more']],
    [{ reason: '' }, ['reason']],
    [{ client_id: 'exam' }, ['client_id']],
    [{ scope: 'openid admin:clients' }, ['grant_types', 'scope', 'token_endpoint_auth_method']],
    [{ resources: [platform.adminUrl] }, ['resources']],
  ] as const
  for (const [body, fields] of wrong) {
    const answer = await add({ ...usual, ...body })
    expect([body, problemOf(answer), fieldsOf(answer)]).toEqual([
      body,
      '422 invalid-values',
      fields,
    ])
  }
  expect(problemOf(await change('nobody', { client_name: 'x' }))).toBe('404 not-found')
  expect(problemOf(await machine.call('POST', '/clients/nobody/secret', { reason }))).toBe(
    '404 not-found',
  )
})

test('what gives a client power takes two persons', async () => {
  const powerful = [
    { first_party: true },
    { scope: 'openid identity' },
    { scope: 'openid verified_identity' },
  ]
  const { body } = await add(usual)
  const id = String(body['client_id'])
  for (const metadata of powerful) {
    expect(problemOf(await add({ ...usual, ...metadata }))).toBe('403 two-persons')
    expect(problemOf(await change(id, metadata))).toBe('403 two-persons')
  }
  const firstParty = {
    ...usual,
    client_id: randomUUID(),
    client_secret: randomBytes(32).toString('base64url'),
    first_party: true,
  }
  const { reason: _, ...metadata } = firstParty
  await api.clients.add(
    { ...metadata, token_endpoint_auth_method: 'client_secret_basic' } as never,
    'command',
  )
  const own = firstParty.client_id
  const guarded = [
    { redirect_uris: ['https://other.test/cb'] },
    { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://other.test/jwks' },
  ]
  for (const more of guarded) expect(problemOf(await change(own, more))).toBe('403 two-persons')
  const secret = await machine.call('POST', `/clients/${own}/secret`, { reason })
  expect(problemOf(secret)).toBe('403 two-persons')
  expect((await change(own, { client_name: '新名称' })).status).toBe(200)
})

test('a client of the clients file, and one with powers that only the command gives, answers 409', async () => {
  for (const id of ['exam', machine.id]) {
    expect(problemOf(await change(id, { client_name: '别名' }))).toBe('409 conflict')
    expect(problemOf(await machine.call('POST', `/clients/${id}/secret`, { reason }))).toBe(
      '409 conflict',
    )
  }
  const { body } = await machine.call('GET', '/clients/exam')
  expect([body['owner'], JSON.stringify(body).includes('a-secret-of-the-tests')]).toEqual([
    'file',
    false,
  ])
})

test('the list is read page by page, and a cursor that is none is refused with 400', async () => {
  const all: unknown[] = []
  let cursor = ''
  do {
    const { body } = await machine.call('GET', `/clients?limit=3${cursor && `&cursor=${cursor}`}`)
    all.push(...(body['clients'] as { client_id: string }[]).map(({ client_id }) => client_id))
    cursor = String(body['next'] ?? '')
  } while (cursor)
  const { body } = await machine.call('GET', '/clients')
  expect(all).toEqual(
    (body['clients'] as { client_id: string }[]).map(({ client_id }) => client_id),
  )
  expect(all.length).toBeGreaterThan(6)
  expect(JSON.stringify(body)).not.toContain('client_secret"')
  for (const bad of ['none', 'exam', Buffer.from('exam').toString('base64url')])
    expect(problemOf(await machine.call('GET', `/clients?cursor=${bad}`))).toBe('400 request')
  for (const query of ['limit=0', 'limit=101', 'limit=x', 'more=1'])
    expect(problemOf(await machine.call('GET', `/clients?${query}`))).toBe('422 invalid-values')
})
