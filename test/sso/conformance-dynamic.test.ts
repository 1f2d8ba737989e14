import { decodeJwt, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose'
import { rotate } from '../../src/sso/keys/key-rotation.ts'
import { certificate } from '../support/certificates.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { localServer } from '../support/vendors/local-server.ts'
import {
  callback,
  conformanceWorld,
  initialAccessToken,
  type Json,
  type World,
} from './conformance-world.ts'

/** What the modules of the plans Config and Dynamic look at, the latter for the response type `code`. */

let world: World
beforeAll(async () => {
  world = await conformanceWorld({ IMPLICIT_FLOW: '1' })
})
afterAll(() => world.close())

type Registered = Json & { readonly client_id: string; readonly client_secret: string }
type Signed = { readonly client: Registered; readonly key: CryptoKey; readonly kid: string }

const register = (body: object) =>
  world.ask('POST', String(world.discovery['registration_endpoint']), {
    headers: { authorization: `Bearer ${initialAccessToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'dynamic client',
      response_types: ['code'],
      grant_types: ['authorization_code'],
      redirect_uris: [callback],
      contacts: ['certification@oidf.org'],
      ...body,
    }),
  })

async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, use: 'sig', alg: 'RS256' }
  return { key: privateKey, kid, jwk }
}

/** As the suite registers for most modules: `private_key_jwt`, with RS256 keys. */
async function registered(more: object = {}): Promise<Signed> {
  const { key, kid, jwk } = await newKey('suite')
  const keyed = { token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] }, ...more }
  const { status, body } = await register(keyed)
  if (status !== 201) throw new Error(JSON.stringify(body))
  return { client: body as Registered, key, kid }
}

/** `aud` is the token endpoint, or the issuer (oidcc-ensure-client-assertion-with-iss-aud-succeeds). */
async function assertion(
  { client, key, kid }: Signed,
  aud: unknown = world.discovery['token_endpoint'],
) {
  const jwt = await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid })
    .setIssuer(client.client_id)
    .setSubject(client.client_id)
    .setAudience(String(aud))
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime('60 s')
    .sign(key)
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
  }
}

async function tokensOf(signed: Signed, params: Record<string, string> = {}, aud?: unknown) {
  const redirect_uri = params['redirect_uri'] ?? callback
  const answer = await world.signIn(cookieBrowser(), world.request(params, signed.client))
  return world.token(
    {
      grant_type: 'authorization_code',
      code: String(answer.searchParams.get('code')),
      redirect_uri,
      ...(await assertion(signed, aud)),
    },
    {},
  )
}

test('oidcc-discovery-endpoint-verification', async () => {
  const { discovery, proxy } = world
  const answer = await world.ask('GET', '/.well-known/openid-configuration')
  expect(answer).toMatchObject({ status: 200, type: expect.stringMatching(/^application\/json/) })
  expect(discovery).toMatchObject({
    issuer: proxy.url,
    // Core, 15.2: asked for of who registers dynamically.
    response_types_supported: ['code', 'id_token', 'id_token token'],
    grant_types_supported: expect.arrayContaining(['authorization_code', 'implicit']),
    subject_types_supported: ['public', 'pairwise'],
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    claims_parameter_supported: true,
    code_challenge_methods_supported: ['S256'],
    scopes_supported: expect.arrayContaining(['openid']),
    claims_supported: expect.arrayContaining(['sub', 'iss', 'auth_time', 'acr', 'name']),
    id_token_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    userinfo_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    request_object_signing_alg_values_supported: expect.arrayContaining(['RS256']),
    token_endpoint_auth_methods_supported: expect.arrayContaining([
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
    ]),
    ui_locales_supported: ['zh-CN', 'en'],
  })
  for (const [name, value] of Object.entries(discovery))
    if (/_endpoint$|_uri$/.test(name)) expect(value).toMatch(`${proxy.url}/`)
})

test('the published keys are whole, public, and of different names', async () => {
  const { body } = await world.ask('GET', String(world.discovery['jwks_uri']))
  const keys = body['keys'] as Json[]
  expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
  for (const key of keys) {
    expect(key).toMatchObject({ kid: expect.any(String), alg: expect.any(String), use: 'sig' })
    for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'])
      expect(key).not.toHaveProperty(secret)
  }
})

test('oidcc-server, oidcc-idtoken-rs256: registered, signed in, and gone', async () => {
  const signed = await registered({ id_token_signed_response_alg: 'RS256' })
  const { status, body } = await tokensOf(signed)
  expect(status).toBe(200)
  expect((await world.idToken(body, signed.client.client_id)).header.alg).toBe('RS256')
  const { registration_client_uri: at, registration_access_token: token } = signed.client
  const headers = { authorization: `Bearer ${token}` }
  expect((await world.ask('DELETE', String(at), { headers })).status).toBe(204)
})

test('oidcc-ensure-client-assertion-with-iss-aud-succeeds', async () => {
  expect((await tokensOf(await registered(), {}, world.proxy.url)).status).toBe(200)
})

test('oidcc-userinfo-rs256: signed, with issuer and audience', async () => {
  const { client, ...signer } = await registered({ userinfo_signed_response_alg: 'RS256' })
  const { body: tokens } = await tokensOf({ client, ...signer }, { scope: 'openid profile' })
  const { body, type } = await world.userinfo(tokens['access_token'])
  expect(type).toMatch(/^application\/jwt/)
  const { payload, protectedHeader } = await jwtVerify(String(body['text']), world.keys, {
    issuer: world.proxy.url,
    audience: client.client_id,
  })
  expect(protectedHeader.alg).toBe('RS256')
  expect(payload).toMatchObject({ sub: world.sub, name: expect.any(String) })
  expect(payload).not.toHaveProperty('nonce')
})

/** A page that names the error, and no redirect. */
async function errorPage(params: Readonly<Record<string, string | null>>, { client }: Signed) {
  const page = await cookieBrowser().visit(world.request(params, client), callback)
  expect(page.path).toHaveLength(1)
  return page.text
}
const withQuery = `${callback}?dummy1=lorem&dummy2=ipsum`

test('oidcc-ensure-redirect-uri-in-authorization-request', async () => {
  expect(await errorPage({ redirect_uri: null }, await registered())).toContain('invalid_request')
})

test('oidcc-redirect-uri-query-OK, -mismatch, -added', async () => {
  const signed = await registered({ redirect_uris: [withQuery] })
  const url = world.request({ redirect_uri: withQuery }, signed.client)
  const answer = await world.signIn(cookieBrowser(), url)
  expect(answer.searchParams.get('dummy1')).toBe('lorem')
  expect(answer.searchParams.get('code')).toBeTruthy()
  for (const redirect_uri of [`${callback}?dummy1=x`, `${withQuery}&more=1`, callback])
    expect(await errorPage({ redirect_uri }, signed)).toContain('invalid_redirect_uri')
  const added = { redirect_uri: `${callback}?more=1` }
  expect(await errorPage(added, await registered())).toContain('invalid_redirect_uri')
})

test('oidcc-redirect-uri-regfrag', async () => {
  const { status, body } = await register({ redirect_uris: [`${callback}#fragment`] })
  expect({ status, error: body['error'] }).toEqual({ status: 400, error: 'invalid_redirect_uri' })
})

test('oidcc-registration-policy-uri, -tos-uri: the login page leads there; -logo-uri is taken', async () => {
  const papers = { policy_uri: 'https://suite.test/policy', tos_uri: 'https://suite.test/tos' }
  const { client } = await registered({ ...papers, logo_uri: 'https://suite.test/logo.png' })
  expect(client['logo_uri']).toBe('https://suite.test/logo.png')
  const { text } = await cookieBrowser().visit(world.request({}, client), callback)
  expect(text).toContain('<a href="https://suite.test/policy">dynamic client的隐私政策</a>')
  expect(text).toContain('<a href="https://suite.test/tos">dynamic client的服务条款</a>')
})

describe('what the suite publishes', () => {
  async function published(content: () => object, work: (address: string) => Promise<void>) {
    const own = certificate({
      subject: [['CN', 'localhost']],
      dns: ['localhost'],
      issuer: world.proxy.authority,
    })
    const server = await localServer(0, own)
    server.answer(() => ({
      status: 200,
      body: JSON.stringify(content()),
      type: 'application/json',
    }))
    await work(`${server.baseUrl}/it.json`)
    await server.close()
  }

  test('oidcc-registration-jwks-uri', async () => {
    const { key, kid, jwk } = await newKey('by address')
    await published(
      () => ({ keys: [jwk] }),
      async (jwks_uri) => {
        const { client } = await registered({ jwks: undefined, jwks_uri })
        expect((await tokensOf({ client, key, kid })).status).toBe(200)
      },
    )
  })

  test('oidcc-registration-sector-uri, and -sector-bad', async () => {
    const pairwise = { subject_type: 'pairwise' }
    await published(
      () => [callback],
      async (sector_identifier_uri) => {
        const signed = await registered({ ...pairwise, sector_identifier_uri })
        const { sub } = decodeJwt(String((await tokensOf(signed)).body['id_token']))
        expect(sub).not.toBe(world.sub)
      },
    )
    await published(
      () => ['https://elsewhere.test/callback'],
      async (sector_identifier_uri) => {
        const { status, body } = await register({ ...pairwise, sector_identifier_uri })
        expect({ status, error: body['error'] }).toEqual({
          status: 400,
          error: 'invalid_client_metadata',
        })
      },
    )
  })
})

test('oidcc-refresh-token: registered for it, without naming a scope', async () => {
  const signed = await registered({ grant_types: ['authorization_code', 'refresh_token'] })
  const away = { scope: 'openid offline_access', prompt: 'consent' }
  const { body } = await tokensOf(signed, away)
  const refreshed = await world.token(
    {
      grant_type: 'refresh_token',
      refresh_token: String(body['refresh_token']),
      ...(await assertion(signed)),
    },
    {},
  )
  expect(refreshed.status).toBe(200)
  expect(decodeJwt(String(refreshed.body['id_token'])).sub).toBe(world.sub)
})

test('oidcc-server-rotate-keys: a new key beside the old ones', async () => {
  const kids = async () => {
    const { body } = await world.ask('GET', String(world.discovery['jwks_uri']))
    return (body['keys'] as Json[]).map(({ kid }) => String(kid))
  }
  const before = await kids()
  const { signingKeys, clock } = world.platform
  expect(await rotate(signingKeys, 'RS256', clock(), { publishAhead: 60 })).toBe('rotated')
  await world.platform.restart()
  expect(await kids()).toEqual(expect.arrayContaining(before))
  expect((await kids()).length).toBe(before.length + 1)
})

test('a client that says so is answered without a code, to its address’s fragment, once its nonce is there', async () => {
  const { client } = await registered({ response_types: ['id_token'], grant_types: ['implicit'] })
  const asked = { response_type: 'id_token', nonce: 'n-of-the-suite' }
  const answer = await world.signIn(cookieBrowser(), world.request(asked, client))
  const fragment = new URLSearchParams(answer.hash.slice(1))
  const { payload } = await world.idToken({ id_token: fragment.get('id_token') }, client.client_id)
  expect(payload).toMatchObject({ sub: world.sub, nonce: asked.nonce })
  const page = await cookieBrowser().visit(
    world.request({ ...asked, nonce: null }, client),
    callback,
  )
  expect(page.path.at(-1)?.hash).toContain('error=invalid_request')
})

test('no other client is', async () => {
  const { client } = await registered()
  const page = await cookieBrowser().visit(
    world.request({ response_type: 'id_token' }, client),
    callback,
  )
  expect(page.path.at(-1)?.href).toContain('error=invalid_request')
})

test('without the initial access token the suite registers nothing', async () => {
  const { status } = await world.ask('POST', '/reg', {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [callback] }),
  })
  expect(status).toBe(401)
})
