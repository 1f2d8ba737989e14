import { exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose'
import {
  callback,
  type Json,
  type SuitePlatform,
  suitePlatform,
} from '../conformance/suite-platform.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'

/** The effects of metadata with which a client registers itself (OpenID Connect Registration 1.0, 2). */

let tested: SuitePlatform
beforeAll(async () => {
  tested = await suitePlatform()
})
afterAll(() => tested.close())

type Registered = Json & { readonly client_id: string; readonly client_secret: string }
type Signed = { readonly client: Registered; readonly key: CryptoKey }

/** A client with `private_key_jwt` and an RS256 key. */
async function registered(more: object = {}): Promise<Signed> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid: 'own', use: 'sig', alg: 'RS256' }
  const keyed = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } }
  const { status, body } = await tested.register({ ...keyed, ...more })
  if (status !== 201) throw new Error(JSON.stringify(body))
  return { client: body as Registered, key: privateKey }
}

async function assertion({ client, key }: Signed, audience: unknown) {
  const jwt = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: 'own' })
    .setIssuer(client.client_id)
    .setSubject(client.client_id)
    .setAudience(String(audience))
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('60 s')
    .sign(key)
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
  }
}

async function tokensOf(
  signed: Signed,
  params: Record<string, string> = {},
  audience: unknown = tested.discovery['token_endpoint'],
) {
  const answer = await tested.signIn(cookieBrowser(), tested.request(params, signed.client))
  const code = String(answer.searchParams.get('code'))
  const exchange = { grant_type: 'authorization_code', code, redirect_uri: callback }
  return tested.token({ ...exchange, ...(await assertion(signed, audience)) }, {})
}

test.each(['token_endpoint', 'issuer'])(
  'a client assertion may name the %s as its audience',
  async (name) => {
    const { status, body } = await tokensOf(await registered(), {}, tested.discovery[name])
    expect({ status, type: body['token_type'] }).toEqual({ status: 200, type: 'Bearer' })
  },
)

test('userinfo_signed_response_alg: userinfo is a JWT for this client', async () => {
  const signed = await registered({ userinfo_signed_response_alg: 'RS256' })
  const { body: tokens } = await tokensOf(signed, { scope: 'openid profile' })
  const { body, type } = await tested.userinfo(tokens['access_token'])
  expect(type).toMatch(/^application\/jwt/)
  const { payload, protectedHeader } = await jwtVerify(String(body['text']), tested.keys, {
    issuer: tested.proxy.url,
    audience: signed.client.client_id,
  })
  expect(protectedHeader.alg).toBe('RS256')
  expect(payload).toMatchObject({ sub: tested.sub, name: expect.any(String) })
  expect(payload).not.toHaveProperty('nonce')
})

test('a client that names no scope may still use offline_access where it registered refresh_token', async () => {
  const signed = await registered({ grant_types: ['authorization_code', 'refresh_token'] })
  const { body } = await tokensOf(signed, { scope: 'openid offline_access', prompt: 'consent' })
  const refresh = { grant_type: 'refresh_token', refresh_token: String(body['refresh_token']) }
  const refreshed = await tested.token(
    { ...refresh, ...(await assertion(signed, tested.proxy.url)) },
    {},
  )
  expect(refreshed.status).toBe(200)
})

test('policy_uri and tos_uri are links on the login page', async () => {
  const papers = { policy_uri: 'https://suite.test/policy', tos_uri: 'https://suite.test/tos' }
  const { client } = await registered(papers)
  const { text } = await cookieBrowser().visit(tested.request({}, client), callback)
  for (const address of Object.values(papers)) expect(text).toContain(`<a href="${address}">`)
})

describe('REGISTRATION_PKCE=nonce', () => {
  const withoutNonce = { nonce: null }

  test('a confidential client may send a nonce in place of a code_challenge, but not neither', async () => {
    const { client } = await registered()
    const answer = await tested.signIn(cookieBrowser(), tested.request({}, client))
    expect(answer.searchParams.get('code')).toBeTruthy()
    const page = await cookieBrowser().visit(tested.request(withoutNonce, client), callback)
    expect(page.path.at(-1)?.searchParams.get('error')).toBe('invalid_request')
  })

  test('a public client needs a code_challenge', async () => {
    const { body } = await tested.register({ token_endpoint_auth_method: 'none' })
    const page = await cookieBrowser().visit(tested.request({}, body as Registered), callback)
    expect(page.path.at(-1)?.searchParams.get('error')).toBe('invalid_request')
  })

  test('no client registers itself for requests with neither', async () => {
    const { status, body } = await tested.register({ require_nonce: false })
    expect({ status, description: body['error_description'] }).toEqual({
      status: 400,
      description: expect.stringContaining('require_nonce: is for the operator to say'),
    })
  })
})

test.each([
  ['response_types', { response_types: ['id_token'] }],
  ['response_types', { response_types: ['id_token token'] }],
  ['grant_types', { grant_types: ['implicit'] }],
])('the implicit flow can not be registered by %s', async (name, metadata) => {
  const { status, body } = await tested.register(metadata)
  expect({ status, error: body['error'] }).toEqual({
    status: 400,
    error: 'invalid_client_metadata',
  })
  expect(body['error_description']).toContain(`${name}.0: must be `)
})
