import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  type ClientId,
  clients,
  relyingParty,
  type SsoPlatform,
  secret,
  signIn,
  ssoPlatform,
} from './platform.ts'

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  await platform.register()
})
afterAll(() => platform.close())

/** An authorization response, and what is needed to exchange its code for tokens. */
async function authorize(id: ClientId = 'exam', params: Record<string, string | null> = {}) {
  const party = await relyingParty(platform.issuer, id)
  const request = await party.ask(params)
  return { ...party, ...request, answer: await signIn(cookieBrowser(), request.url) }
}

/** The error response to the relying party. */
async function errorResponse(id: ClientId, params: Record<string, string | null>) {
  const { ask } = await relyingParty(platform.issuer, id)
  const { url } = await ask(params)
  const page = await cookieBrowser().visit(url, 'https://rp.test/callback')
  return Object.fromEntries(page.path.at(-1)?.searchParams ?? [])
}

const invalidGrant = { error: 'invalid_grant' }

test('a code can be used once, and using it again ends its tokens', async () => {
  const { tokens, answer, config } = await authorize('exam', {
    scope: 'openid offline_access',
    prompt: 'consent',
  })
  const got = await tokens(answer)
  await expect(tokens(answer)).rejects.toMatchObject(invalidGrant)
  await expect(
    oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck),
  ).rejects.toMatchObject({ status: 401 })
  const refreshed = oidc.refreshTokenGrant(config, String(got.refresh_token))
  await expect(refreshed).rejects.toMatchObject(invalidGrant)
})

test('one of 20 concurrent exchanges of a code succeeds', async () => {
  const { tokens, answer } = await authorize()
  const exchanges = await Promise.allSettled(Array.from({ length: 20 }, () => tokens(answer)))
  expect(exchanges.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const exchange of exchanges)
    if (exchange.status === 'rejected') expect(exchange.reason).toMatchObject(invalidGrant)
})

test('a code is not exchanged with a wrong or missing code_verifier', async () => {
  const { tokens, answer } = await authorize()
  const wrong = tokens(answer, { pkceCodeVerifier: oidc.randomPKCECodeVerifier() })
  await expect(wrong).rejects.toMatchObject(invalidGrant)
  await expect(tokens(answer, { pkceCodeVerifier: undefined })).rejects.toMatchObject(invalidGrant)
})

test('a code is not exchanged for another client', async () => {
  const { url, answer } = await authorize()
  const { config } = await relyingParty(platform.issuer, 'shop')
  const stolen = oidc.authorizationCodeGrant(config, answer, {
    expectedState: String(new URL(url).searchParams.get('state')),
    pkceCodeVerifier: 'x'.repeat(43),
  })
  await expect(stolen).rejects.toMatchObject(invalidGrant)
})

test('a code is not exchanged with a wrong client secret', async () => {
  const { answer, url } = await authorize()
  const config = await oidc.discovery(
    new URL(platform.issuer),
    'exam',
    undefined,
    oidc.ClientSecretBasic(`${secret}!`),
    { execute: [oidc.allowInsecureRequests] },
  )
  const stolen = oidc.authorizationCodeGrant(config, answer, {
    expectedState: String(new URL(url).searchParams.get('state')),
    pkceCodeVerifier: 'x'.repeat(43),
  })
  await expect(stolen).rejects.toMatchObject({ status: 401 })
})

test.each([
  ['another path', 'https://rp.test/callback2'],
  ['an additional slash', 'https://rp.test/callback/'],
  ['a query', 'https://rp.test/callback?x=1'],
  ['another case', 'https://rp.test/Callback'],
  ['another host', 'https://evil.test/callback'],
  ['none', null],
])('a redirect URI with %s is refused without a redirect', async (_, address) => {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask({ redirect_uri: address })
  const { response, text, path } = await cookieBrowser().visit(url)
  expect(path).toHaveLength(1)
  expect(response.status).toBe(400)
  expect(text).toContain(address ? '返回地址没有登记' : '发来的请求有误')
  expect(text).toContain(String(response.headers.get('x-request-id')))
  expect(text).not.toContain('href="https://evil.test')
})

test('an unknown client is refused on a page', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask({ client_id: 'nobody' })
  const { response, text, path } = await cookieBrowser().visit(url)
  expect(path).toHaveLength(1)
  expect(response.status).toBe(400)
  expect(text).toContain('没有在统一用户平台登记')
})

test('PKCE is required, and the method plain is refused', async () => {
  const without = { code_challenge: null, code_challenge_method: null }
  expect(await errorResponse('exam', without)).toMatchObject({ error: 'invalid_request' })
  const plain = { code_challenge_method: 'plain' }
  expect(await errorResponse('exam', plain)).toMatchObject({ error: 'invalid_request' })
})

test('a client for which PKCE is optional has to send a nonce without PKCE', async () => {
  const without = { code_challenge: null, code_challenge_method: null }
  const { tokens, answer } = await authorize('legacy', without)
  expect((await tokens(answer, { pkceCodeVerifier: undefined })).claims()?.aud).toBe('legacy')
  const bare = { ...without, nonce: null }
  expect(await errorResponse('legacy', bare)).toMatchObject({ error: 'invalid_request' })
})

test.each(['code id_token', 'id_token', 'token', 'none'])(
  'the response type %s is refused',
  async (type) => {
    const { ask } = await relyingParty(platform.issuer)
    const { url } = await ask({ response_type: type })
    const { path } = await cookieBrowser().visit(url, 'https://rp.test/callback')
    expect(path.at(-1)?.href).toContain('error=unsupported_response_type')
  },
)

test('scopes that the metadata does not allow are refused', async () => {
  const beyond = { scope: 'openid profile identity' }
  expect(await errorResponse('narrow', beyond)).toMatchObject({ error: 'invalid_scope' })
  const any = { scope: 'openid profile' }
  expect(await errorResponse('scopeless', any)).toMatchObject({ error: 'invalid_scope' })
})

test('claims that the metadata does not allow are not disclosed', async () => {
  const requested = { name: null, id_number: null, phone_number: { essential: true } }
  const claims = JSON.stringify({ id_token: requested, userinfo: requested })
  const { tokens, answer, config } = await authorize('narrow', { claims })
  const got = await tokens(answer)
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck)
  expect(Object.keys(userinfo).toSorted()).toEqual(['name', 'sub'])
  for (const claim of ['id_number', 'phone_number']) expect(got.claims()).not.toHaveProperty(claim)
})

test('a revoked access token is refused', async () => {
  const { tokens, answer, config } = await authorize()
  const { access_token: token } = await tokens(answer)
  await oidc.tokenRevocation(config, token)
  const userinfo = oidc.fetchUserInfo(config, token, oidc.skipSubjectCheck)
  await expect(userinfo).rejects.toMatchObject({ status: 401 })
})

test('a client can not revoke the token of another', async () => {
  const { tokens, answer, config } = await authorize()
  const { access_token: token } = await tokens(answer)
  const otherClient = await relyingParty(platform.issuer, 'shop')
  await oidc.tokenRevocation(otherClient.config, token)
  const userinfo = await oidc.fetchUserInfo(config, token, oidc.skipSubjectCheck)
  expect(userinfo.sub).toBeTruthy()
})

test('a client that was removed from its file can not sign anybody in, and its tokens are refused', async () => {
  const { tokens, answer, config, ask } = await authorize('shop')
  const { access_token: token } = await tokens(answer)
  const { shop, ...others } = clients
  await platform.restartWith(Object.values(others))
  try {
    const { url } = await ask()
    const { text, path } = await cookieBrowser().visit(url)
    expect(path).toHaveLength(1)
    expect(text).toContain('该业务系统已暂停使用')
    const userinfo = oidc.fetchUserInfo(config, token, oidc.skipSubjectCheck)
    await expect(userinfo).rejects.toMatchObject({ status: 401 })
  } finally {
    await platform.restartWith([...Object.values(others), shop])
  }
  expect((await authorize('shop')).answer.searchParams.get('code')).toBeTruthy()
})

test('a problem in the clients file stops the start', async () => {
  const broken = [{ ...clients.exam, token_endpoint_auth_signing_alg: 'RS256' }, clients.shop]
  await expect(platform.restartWith(broken)).rejects.toThrow(
    /CLIENTS_FILE.*client exam: .*signing_alg/,
  )
})
