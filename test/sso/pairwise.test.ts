import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { certificate, trust } from '../support/certificates.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { localServer } from '../support/vendors/local-server.ts'
import { callback, clients, type SsoPlatform, secret, signIn, ssoPlatform } from './platform.ts'

const token = 'an-initial-access-token-of-the-tests'
const { exam } = clients
const pairwise = { ...exam, subject_type: 'pairwise' } as const
const library = 'https://library.test/callback'
const grades = 'https://grades.example/'
const sector = 'https://sector.test/redirect-uris.json'
const twoHosts = {
  redirect_uris: [callback, library],
  sector_identifier_uri: sector,
} as const
const extra = [
  { ...pairwise, client_id: 'here', resources: [grades] },
  { ...pairwise, client_id: 'here-too' },
  { ...pairwise, client_id: 'elsewhere', redirect_uris: [library] },
  { ...pairwise, client_id: 'one-sector', ...twoHosts },
  { ...pairwise, client_id: 'same-sector', ...twoHosts },
]

let platform: SsoPlatform
let account: string
beforeAll(async () => {
  platform = await ssoPlatform(undefined, 1, {
    INITIAL_ACCESS_TOKEN: token,
    INTERNAL_HOSTS: 'localhost',
  })
  account = await platform.register()
  await platform.restartWith([...Object.values(clients), ...extra])
})
afterAll(() => platform.close())

async function relyingPartyOf(id: string) {
  const options = { execute: [oidc.allowInsecureRequests] }
  const basic = oidc.ClientSecretBasic(secret)
  return oidc.discovery(new URL(platform.issuer), id, undefined, basic, options)
}

/** Signs the person in at the client `id` and returns everything that the client receives. */
async function signInAt(id: string, params: Record<string, string> = {}, tokenParams = {}) {
  const config = await relyingPartyOf(id)
  const [redirect_uri = callback] =
    extra.find(({ client_id }) => client_id === id)?.redirect_uris ?? []
  const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
  const browser = cookieBrowser()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri,
    scope: 'openid offline_access',
    prompt: 'consent',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...params,
  })
  const answer = await signIn(browser, url.href, undefined, redirect_uri)
  const tokens = await oidc.authorizationCodeGrant(
    config,
    answer,
    { pkceCodeVerifier },
    tokenParams,
  )
  const sub = String(tokens.claims()?.sub)
  return { config, tokens, sub, browser, answer }
}

test('a person has one subject for each sector, which is never the id of the account', async () => {
  const here = await signInAt('here')
  const subjects = {
    public: (await signInAt('exam')).sub,
    hereAgain: (await signInAt('here')).sub,
    hereToo: (await signInAt('here-too')).sub,
    elsewhere: (await signInAt('elsewhere')).sub,
    oneSector: (await signInAt('one-sector')).sub,
    sameSector: (await signInAt('same-sector')).sub,
  }
  expect(subjects.public).toBe(account)
  expect(here.sub).toMatch(/^[\w-]{43}$/)
  expect(subjects.hereAgain).toBe(here.sub)
  expect(subjects.hereToo).toBe(here.sub)
  expect(subjects.sameSector).toBe(subjects.oneSector)
  expect(new Set([account, here.sub, subjects.elsewhere, subjects.oneSector]).size).toBe(4)
})

test('no answer to a pairwise client contains the id of the account', async () => {
  const { config, tokens, sub, answer } = await signInAt('here')
  const userinfo = await oidc.fetchUserInfo(config, tokens.access_token, sub)
  const refreshed = await oidc.refreshTokenGrant(config, String(tokens.refresh_token))
  const introspected = await oidc.tokenIntrospection(config, refreshed.access_token)
  const idTokens = [tokens.id_token, refreshed.id_token].map((jwt) =>
    Buffer.from(String(jwt).split('.')[1] ?? '', 'base64url').toString(),
  )
  expect(userinfo.sub).toBe(sub)
  expect(introspected.sub).toBe(sub)
  expect(refreshed.claims()?.sub).toBe(sub)
  const all = JSON.stringify([tokens, refreshed, userinfo, introspected, idTokens, answer])
  expect(all).not.toContain(account)
})

test('a token for a resource server has the same pairwise subject', async () => {
  const resource = { resource: grades }
  const { tokens, sub } = await signInAt('here', { scope: 'openid profile', ...resource }, resource)
  const payload = decodeJwt(tokens.access_token)
  expect(payload).toMatchObject({ aud: grades, sub })
  expect(JSON.stringify(payload)).not.toContain(account)
})

test('a logout token has the pairwise subject', async () => {
  const server = await localServer()
  server.answer(() => ({ status: 204, body: '' }))
  const inFile = extra.map((client) =>
    client.client_id === 'here'
      ? { ...client, backchannel_logout_uri: `${server.baseUrl}/logout` }
      : client,
  )
  await platform.restartWith([...Object.values(clients), ...inFile])
  const { sub, browser, tokens } = await signInAt('here')
  const page = await browser.visit(
    `${platform.issuer}/session/end?${new URLSearchParams({ id_token_hint: String(tokens.id_token) })}`,
  )
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? []
  await browser.visit(`${platform.issuer}/session/end/confirm`, undefined, {
    method: 'POST',
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  })
  const [message] = server.received
  await server.close()
  const logoutToken = String(new URLSearchParams(message?.body).get('logout_token'))
  const payload = JSON.parse(Buffer.from(logoutToken.split('.')[1] ?? '', 'base64url').toString())
  expect(payload).toMatchObject({ sub, aud: 'here' })
  expect(JSON.stringify(payload)).not.toContain(account)
})

test('an id_token_hint with a pairwise subject is recognised', async () => {
  const { config, tokens, browser } = await signInAt('here')
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid',
    prompt: 'none',
    id_token_hint: String(tokens.id_token),
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  })
  const { path } = await browser.visit(url.href, callback)
  expect(path.at(-1)?.searchParams.get('code')).toBeTruthy()
})

describe('sector_identifier_uri', () => {
  const authority = certificate({ subject: [['CN', `authority ${randomUUID()}`]] })
  trust(authority)

  const register = (body: object) =>
    fetch(`${platform.issuer}/reg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: [callback, library],
        subject_type: 'pairwise',
        ...body,
      }),
    })

  test.each([
    ['that lists both redirect URIs', [callback, library], 201],
    ['that lists one of two redirect URIs', [callback], 400],
    ['without a list', { callback }, 400],
  ])('%s is answered as expected', async (_, listed, status) => {
    const { cert, key } = certificate({
      subject: [['CN', 'localhost']],
      dns: ['localhost'],
      issuer: authority,
    })
    const server = await localServer(0, { cert, key })
    server.answer(() => ({ status: 200, body: JSON.stringify(listed), type: 'application/json' }))
    const answer = await register({ sector_identifier_uri: `${server.baseUrl}/list.json` })
    await server.close()
    expect(server.received).toHaveLength(1)
    expect(answer.status).toBe(status)
    const { error } = await answer.json()
    expect(error).toBe(status === 201 ? undefined : 'invalid_client_metadata')
  })

  test('is required for redirect URIs on several hosts', async () => {
    const answer = await register({})
    expect(await answer.json()).toEqual({
      error: 'invalid_client_metadata',
      error_description: 'sector_identifier_uri: is missing (redirect_uris lie on several hosts)',
    })
  })

  test('is refused when it can not be fetched', async () => {
    const answer = await register({ sector_identifier_uri: 'https://localhost:1/list.json' })
    expect(await answer.json()).toMatchObject({ error: 'invalid_client_metadata' })
  })
})
