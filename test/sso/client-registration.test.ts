import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { exportJWK } from 'jose'
import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { localServer } from '../support/vendors/local-server.ts'
import {
  answerOf,
  callback,
  clients,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

const token = 'an-initial-access-token-of-the-tests'
let platform: SsoPlatform
beforeAll(async () => {
  const env = { INITIAL_ACCESS_TOKEN: token, INTERNAL_HOSTS: 'localhost' }
  platform = await ssoPlatform(undefined, 2, env)
  const common = { ...clients.exam, first_party: true }
  await platform.restartWith([
    ...Object.values(clients),
    { ...common, client_id: 'portal', client_name: 'Exam Portal' },
    { ...common, client_id: 'counter', client_name: '力工窗口' },
  ])
  await platform.register()
})
afterAll(() => platform.close())

type Json = Record<string, unknown>
type Answer = { readonly status: number; readonly body: Json }

async function callJson(
  method: string,
  address: string,
  bearer: string | undefined,
  body?: object,
): Promise<Answer> {
  const response = await fetch(address, {
    method,
    headers: {
      accept: 'application/json',
      ...(bearer && { authorization: `Bearer ${bearer}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text ? JSON.parse(text) : {} }
}

const validMetadata = {
  client_name: '社区商店',
  redirect_uris: [callback],
  grant_types: ['authorization_code', 'refresh_token'],
}
const register = (body: object, bearer: string | undefined = token) =>
  callJson('POST', `${platform.issuer}/reg`, bearer, body)

async function registered(body: object = validMetadata) {
  const { status, body: client } = await register(body)
  if (status !== 201) throw new Error(JSON.stringify(client))
  return client as Json &
    Record<'client_id' | 'client_secret', string> &
    Record<'registration_client_uri' | 'registration_access_token', string>
}

const manage = (method: string, client: Json, body?: object) =>
  callJson(
    method,
    String(client['registration_client_uri']),
    String(client['registration_access_token']),
    body,
  )

const audited = async (clientId: string) => {
  const { mongodb } = platform.stores
  const events = await mongodb
    .collection('audit')
    .find({ clientId, detail: 'registration' })
    .sort({ at: 1 })
    .toArray()
  // A ciphertext is as long as its plaintext, so that equal lengths show that all events have the same address.
  expect(new Set(events.map(({ address }) => String(address).length)).size).toBe(1)
  return events.map(({ what }) => what)
}

/** Signs the person in through all pages and returns the tokens. */
async function tokensOf(client: Json, scope = 'openid') {
  const config = await oidc.discovery(
    new URL(platform.issuer),
    String(client['client_id']),
    String(client['client_secret']),
    oidc.ClientSecretBasic(String(client['client_secret'])),
    { execute: [oidc.allowInsecureRequests] },
  )
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope,
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
  })
  return oidc.authorizationCodeGrant(config, await signIn(cookieBrowser(), url.href), {
    pkceCodeVerifier,
  })
}

test('a client can register itself, sign people in, change its metadata and delete itself', async () => {
  const client = await registered()
  expect(client).toMatchObject({
    client_name: '社区商店',
    redirect_uris: [callback],
    scope: 'openid offline_access profile',
    token_endpoint_auth_method: 'client_secret_basic',
    client_secret_expires_at: 0,
    registration_client_uri: `${platform.issuer}/reg/${client.client_id}`,
  })
  expect(client.client_secret).toMatch(/^[\w-]{43}$/)
  const got = await tokensOf(client, 'openid profile')
  expect(got.claims()?.aud).toBe(client.client_id)

  const read = await manage('GET', client)
  expect(read).toMatchObject({ status: 200, body: { client_name: '社区商店' } })

  const { registration_access_token: first, registration_client_uri: address, ...known } = client
  const { client_id_issued_at: _, client_secret_expires_at: __, ...metadata } = known
  const changed = await manage('PUT', client, { ...metadata, client_name: '市民商店' })
  expect(changed).toMatchObject({ status: 200, body: { client_name: '市民商店' } })
  const second = String(changed.body['registration_access_token'])
  expect(second).not.toBe(first)
  expect((await callJson('GET', address, first)).status).toBe(401)
  expect(await callJson('GET', address, second)).toMatchObject({
    status: 200,
    body: { client_name: '市民商店' },
  })

  expect((await callJson('DELETE', address, second)).status).toBe(204)
  expect((await callJson('GET', address, second)).status).toBe(401)
  await expect(tokensOf(client)).rejects.toThrow('没有在统一用户平台登记')
  expect(await audited(client.client_id)).toEqual([
    'client-added',
    'client-changed',
    'client-removed',
  ])
})

describe('a client may not register itself under a name that looks like one of the bureau’s', () => {
  const resembles = 'client_name: equals or resembles the name of a system of the bureau itself'
  const hidden = 'client_name: must hold no invisible or bidirectional characters'
  test.each([
    ['the name itself', '考生服务系统', resembles],
    ['the platform’s own pages', '用户信息维护', resembles],
    ['spaces and punctuation', '考生 · 服务系统！', resembles],
    ['compatibility forms', '考⽣服务系统', resembles],
    ['case and Cyrillic letters', 'Ехаm РОRTАL', resembles],
    ['full width', 'Ｅｘａｍ Ｐｏｒｔａｌ', resembles],
    ['a digit for a letter', 'Exam P0rta1', resembles],
    ['diacritics', 'Éxam Pörtal', resembles],
    ['Katakana for Han characters', 'カエ窗ロ', resembles],
    ['traditional characters', '考生服務系統', resembles],
    ['traditional characters in full-width brackets', '【考生】服務系統', resembles],
    ['a zero-width space', '考生\u200B服务系统', hidden],
    ['reversed order', '\u202E统系务服生考', hidden],
    ['a variation selector', '考\uFE00生服务系统', hidden],
  ])('%s: %s', async (_, client_name, reason) => {
    const { status, body } = await register({ ...validMetadata, client_name })
    expect({ status, ...body }).toMatchObject({ status: 400, error: 'invalid_client_metadata' })
    expect(body['error_description']).toContain(reason)
  })

  test('nor change its name to one later; other names are accepted', async () => {
    const client = await registered({ ...validMetadata, client_name: '考生之家' })
    const { registration_access_token: _, registration_client_uri: __, ...known } = client
    const { client_id_issued_at: ___, client_secret_expires_at: ____, ...metadata } = known
    const changed = await manage('PUT', client, { ...metadata, client_name: '考生服务系统。' })
    expect(changed).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })
})

test.each([
  ['missing', undefined, 401],
  ['a longer one', `${token}!`, 401],
  ['a shorter one', token.slice(0, -1), 401],
])(
  'without the right initial access token (%s) nothing is registered, and no problem is described',
  async (_, bearer, status) => {
    const answer = await callJson('POST', `${platform.issuer}/reg`, bearer, {
      redirect_uris: ['x'],
    })
    expect(answer.status).toBe(status)
    expect(JSON.stringify(answer.body)).not.toContain('redirect_uris')
  },
)

test('all problems of the metadata are reported at once', async () => {
  const { status, body } = await register({
    redirect_uris: ['http://rp.test/callback', 'https://rp.test/#here'],
    scope: 'openid identity phone',
    grant_types: ['authorization_code', 'client_credentials'],
    first_party: true,
    resources: ['https://api.test/'],
    require_pkce: false,
    contacts: ['nobody'],
    jwks_uri: 'http://rp.test/keys',
  })
  expect(status).toBe(400)
  expect(body['error']).toBe('invalid_client_metadata')
  for (const problem of [
    'redirect_uris.1: must have no fragment',
    'redirect_uris: must be https',
    'scope: must be of openid, offline_access, profile',
    'grant_types: must not hold client_credentials',
    'first_party: is for the operator to say',
    'resources: is for the operator to say',
    'require_pkce: is for the operator to say',
    'contacts.0: must be an e-mail address',
    'jwks_uri: must be https',
  ])
    expect(body['error_description']).toContain(problem)
})

test('an invalid redirect URI is reported as invalid_redirect_uri', async () => {
  const { status, body } = await register({
    ...validMetadata,
    redirect_uris: ['https://rp.test/#here'],
  })
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_redirect_uri' })
})

test('a change can not add what a registration may not contain', async () => {
  const client = await registered()
  const changed = await manage('PUT', client, {
    ...validMetadata,
    client_id: client.client_id,
    first_party: true,
    scope: 'openid identity',
  })
  expect(changed).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  expect((await manage('GET', client)).body).not.toHaveProperty('first_party')
})

test('unknown metadata is ignored', async () => {
  const client = await registered({
    ...validMetadata,
    collor: 'red',
    require_pushed_authorization_requests: true,
  })
  expect(client).not.toHaveProperty('collor')
  expect(client).toMatchObject({ require_pushed_authorization_requests: true })
})

test('a native app may have a loopback redirect URI with http', async () => {
  const client = await registered({
    redirect_uris: ['http://127.0.0.1/callback'],
    application_type: 'native',
    token_endpoint_auth_method: 'none',
  })
  expect(client).not.toHaveProperty('client_secret')
})

test('a client that tries to manage another registration is refused and loses its registration access token', async () => {
  const [own, otherClient] = [await registered(), await registered()]
  const { registration_client_uri: otherUri } = otherClient
  const stolen = await callJson('DELETE', otherUri, own.registration_access_token)
  expect(stolen.status).toBe(401)
  expect((await manage('GET', otherClient)).status).toBe(200)
  expect((await manage('GET', own)).status).toBe(401)
})

test('clients of a file can not be managed by registration', async () => {
  const client = await registered()
  const answer = await callJson(
    'PUT',
    `${platform.issuer}/reg/exam`,
    client.registration_access_token,
    {
      ...validMetadata,
      client_id: 'exam',
    },
  )
  expect(answer.status).toBe(401)
})

test('a client that registered itself receives claims only after consent', async () => {
  const client = await registered()
  const url = `${platform.issuer}/auth?${new URLSearchParams({
    client_id: client.client_id,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid profile',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  })}`
  const browser = cookieBrowser()
  const credentials = {
    username: 'Zhang.San',
    password: '正确的密码 correct horse',
    captcha: 'AHK7',
  }
  const page = await submit(browser, await browser.visit(url, callback), credentials)
  expect(page.text).toContain('社区商店')
  expect(() => answerOf(page)).toThrow()
})

test('keys at jwks_uri are fetched when the client authenticates', async () => {
  const server = await localServer()
  const published: Json[] = []
  server.answer(() => ({
    status: 200,
    body: JSON.stringify({ keys: published }),
    type: 'application/json',
  }))
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' })
  published.push({ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' })
  const client = await registered({
    ...validMetadata,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks_uri: `${server.baseUrl.replace('127.0.0.1', 'localhost')}/keys`,
  })
  expect(client).not.toHaveProperty('client_secret')
  const key = await crypto.subtle.importKey(
    'pkcs8',
    privateKey.export({ type: 'pkcs8', format: 'der' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )
  const config = await oidc.discovery(
    new URL(platform.issuer),
    client.client_id,
    undefined,
    oidc.PrivateKeyJwt({ key, kid: 'one' }),
    { execute: [oidc.allowInsecureRequests] },
  )
  const refused = oidc.refreshTokenGrant(config, 'none')
  await expect(refused).rejects.toMatchObject({ error: 'invalid_grant' })
  expect(server.received.map(({ method }) => method)).toContain('GET')
  await server.close()
})

test('discovery announces registration only when an initial access token is configured', async () => {
  const withRegistration = await callJson(
    'GET',
    `${platform.issuer}/.well-known/openid-configuration`,
    undefined,
  )
  expect(withRegistration.body['registration_endpoint']).toBe(`${platform.issuer}/reg`)
  const withoutRegistration = await ssoPlatform()
  try {
    const { issuer } = withoutRegistration
    const { body } = await callJson('GET', `${issuer}/.well-known/openid-configuration`, undefined)
    expect(body).not.toHaveProperty('registration_endpoint')
    expect((await fetch(`${issuer}/reg`, { method: 'POST' })).status).toBe(404)
  } finally {
    await withoutRegistration.close()
  }
})
