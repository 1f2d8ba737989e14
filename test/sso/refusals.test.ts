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

/** A code, and what is needed to change it into tokens. */
async function code(id: ClientId = 'exam', params: Record<string, string | null> = {}) {
  const party = await relyingParty(platform.issuer, id)
  const asked = await party.ask(params)
  return { ...party, ...asked, answer: await signIn(cookieBrowser(), asked.url) }
}

/** The answer to the relying party when there is no code. */
async function refusedWith(id: ClientId, params: Record<string, string | null>) {
  const { ask } = await relyingParty(platform.issuer, id)
  const { url } = await ask(params)
  const page = await cookieBrowser().visit(url, 'https://rp.test/callback')
  return Object.fromEntries(page.path.at(-1)?.searchParams ?? [])
}

const invalidGrant = { error: 'invalid_grant' }

test('a code works once, and what it gave ends when it is shown again', async () => {
  const { tokens, answer, config } = await code('exam', {
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

test('of 20 exchanges of one code at once, one succeeds', async () => {
  const { tokens, answer } = await code()
  const exchanges = await Promise.allSettled(Array.from({ length: 20 }, () => tokens(answer)))
  expect(exchanges.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  for (const exchange of exchanges)
    if (exchange.status === 'rejected') expect(exchange.reason).toMatchObject(invalidGrant)
})

test('a wrong verifier, and none, get nothing', async () => {
  const { tokens, answer } = await code()
  const wrong = tokens(answer, { pkceCodeVerifier: oidc.randomPKCECodeVerifier() })
  await expect(wrong).rejects.toMatchObject(invalidGrant)
  await expect(tokens(answer, { pkceCodeVerifier: undefined })).rejects.toMatchObject(invalidGrant)
})

test('a code is worth nothing to another client', async () => {
  const { url, answer } = await code()
  const { config } = await relyingParty(platform.issuer, 'shop')
  const stolen = oidc.authorizationCodeGrant(config, answer, {
    expectedState: String(new URL(url).searchParams.get('state')),
    pkceCodeVerifier: 'x'.repeat(43),
  })
  await expect(stolen).rejects.toMatchObject(invalidGrant)
})

test('a wrong secret gets nothing', async () => {
  const { answer, url } = await code()
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
  ['a slash more', 'https://rp.test/callback/'],
  ['a query', 'https://rp.test/callback?x=1'],
  ['another case', 'https://rp.test/Callback'],
  ['another host', 'https://evil.test/callback'],
  ['none', null],
])('nobody is sent to an unregistered address: %s', async (_, address) => {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask({ redirect_uri: address })
  const { response, text, path } = await cookieBrowser().visit(url)
  expect(path).toHaveLength(1)
  expect(response.status).toBe(400)
  expect(text).toContain(address ? '返回地址没有登记' : '发来的请求有误')
  expect(text).toContain(String(response.headers.get('x-request-id')))
  expect(text).not.toContain('href="https://evil.test')
})

test('an unknown client is told so on a page', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask({ client_id: 'nobody' })
  const { response, text, path } = await cookieBrowser().visit(url)
  expect(path).toHaveLength(1)
  expect(response.status).toBe(400)
  expect(text).toContain('没有在统一用户平台登记')
})

test('PKCE is required, and plain is none', async () => {
  const without = { code_challenge: null, code_challenge_method: null }
  expect(await refusedWith('exam', without)).toMatchObject({ error: 'invalid_request' })
  const plain = { code_challenge_method: 'plain' }
  expect(await refusedWith('exam', plain)).toMatchObject({ error: 'invalid_request' })
})

test('a confidential client that need not have PKCE needs a nonce then', async () => {
  const without = { code_challenge: null, code_challenge_method: null }
  const { tokens, answer } = await code('legacy', without)
  expect((await tokens(answer, { pkceCodeVerifier: undefined })).claims()?.aud).toBe('legacy')
  const bare = { ...without, nonce: null }
  expect(await refusedWith('legacy', bare)).toMatchObject({ error: 'invalid_request' })
})

test.each(['code id_token', 'id_token', 'token', 'none'])('%s is not given', async (type) => {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask({ response_type: type })
  const { path } = await cookieBrowser().visit(url, 'https://rp.test/callback')
  expect(path.at(-1)?.href).toContain('error=unsupported_response_type')
})

test('scopes beyond the metadata are refused', async () => {
  const beyond = { scope: 'openid profile identity' }
  expect(await refusedWith('narrow', beyond)).toMatchObject({ error: 'invalid_scope' })
  const any = { scope: 'openid profile' }
  expect(await refusedWith('scopeless', any)).toMatchObject({ error: 'invalid_scope' })
})

test('claims beyond the metadata are not told, however they are asked for', async () => {
  const asked = { name: null, id_number: null, phone_number: { essential: true } }
  const claims = JSON.stringify({ id_token: asked, userinfo: asked })
  const { tokens, answer, config } = await code('narrow', { claims })
  const got = await tokens(answer)
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck)
  expect(Object.keys(userinfo).toSorted()).toEqual(['name', 'sub'])
  for (const claim of ['id_number', 'phone_number']) expect(got.claims()).not.toHaveProperty(claim)
})

test('a revoked token is none', async () => {
  const { tokens, answer, config } = await code()
  const { access_token: token } = await tokens(answer)
  await oidc.tokenRevocation(config, token)
  const userinfo = oidc.fetchUserInfo(config, token, oidc.skipSubjectCheck)
  await expect(userinfo).rejects.toMatchObject({ status: 401 })
})

test('a client can not revoke the token of another', async () => {
  const { tokens, answer, config } = await code()
  const { access_token: token } = await tokens(answer)
  const stranger = await relyingParty(platform.issuer, 'shop')
  await oidc.tokenRevocation(stranger.config, token)
  const userinfo = await oidc.fetchUserInfo(config, token, oidc.skipSubjectCheck)
  expect(userinfo.sub).toBeTruthy()
})

test('a client that left its file signs nobody in, and its tokens are worth nothing', async () => {
  const { tokens, answer, config, ask } = await code('shop')
  const { access_token: token } = await tokens(answer)
  const { shop, ...others } = clients
  await platform.restartWith(Object.values(others))
  try {
    const { url } = await ask()
    const { text, path } = await cookieBrowser().visit(url)
    expect(path).toHaveLength(1)
    expect(text).toContain('没有在统一用户平台登记')
    const userinfo = oidc.fetchUserInfo(config, token, oidc.skipSubjectCheck)
    await expect(userinfo).rejects.toMatchObject({ status: 401 })
  } finally {
    await platform.restartWith([...Object.values(others), shop])
  }
  expect((await code('shop')).answer.searchParams.get('code')).toBeTruthy()
})

test('every problem of the clients file stops the start', async () => {
  const broken = [{ ...clients.exam, token_endpoint_auth_signing_alg: 'RS256' }, clients.shop]
  await expect(platform.restartWith(broken)).rejects.toThrow(
    /CLIENTS_FILE.*client exam: .*signing_alg/,
  )
})
