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
const several = {
  redirect_uris: [callback, library],
  sector_identifier_uri: sector,
} as const
const extra = [
  { ...pairwise, client_id: 'here', resources: [grades] },
  { ...pairwise, client_id: 'here-too' },
  { ...pairwise, client_id: 'elsewhere', redirect_uris: [library] },
  { ...pairwise, client_id: 'one-sector', ...several },
  { ...pairwise, client_id: 'same-sector', ...several },
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

async function party(id: string) {
  const options = { execute: [oidc.allowInsecureRequests] }
  const basic = oidc.ClientSecretBasic(secret)
  return oidc.discovery(new URL(platform.issuer), id, undefined, basic, options)
}

/** Signs the person in with `id`; everything that the system hears of them. */
async function told(id: string, params: Record<string, string> = {}, asked = {}) {
  const config = await party(id)
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
  const tokens = await oidc.authorizationCodeGrant(config, answer, { pkceCodeVerifier }, asked)
  const sub = String(tokens.claims()?.sub)
  return { config, tokens, sub, browser, answer }
}

test('one person has one name for a sector, another for every other, and never the account’s', async () => {
  const here = await told('here')
  const subjects = {
    public: (await told('exam')).sub,
    hereAgain: (await told('here')).sub,
    hereToo: (await told('here-too')).sub,
    elsewhere: (await told('elsewhere')).sub,
    oneSector: (await told('one-sector')).sub,
    sameSector: (await told('same-sector')).sub,
  }
  expect(subjects.public).toBe(account)
  expect(here.sub).toMatch(/^[\w-]{43}$/)
  expect(subjects.hereAgain).toBe(here.sub)
  expect(subjects.hereToo).toBe(here.sub)
  expect(subjects.sameSector).toBe(subjects.oneSector)
  expect(new Set([account, here.sub, subjects.elsewhere, subjects.oneSector]).size).toBe(4)
})

test('the account’s own id reaches such a system by no way', async () => {
  const { config, tokens, sub, answer } = await told('here')
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

test('a resource server knows the person by the same name', async () => {
  const resource = { resource: grades }
  const { tokens, sub } = await told('here', { scope: 'openid profile', ...resource }, resource)
  const payload = decodeJwt(tokens.access_token)
  expect(payload).toMatchObject({ aud: grades, sub })
  expect(JSON.stringify(payload)).not.toContain(account)
})

test('a logout token names the person as the system knows them', async () => {
  const server = await localServer()
  server.answer(() => ({ status: 204, body: '' }))
  const inFile = extra.map((client) =>
    client.client_id === 'here'
      ? { ...client, backchannel_logout_uri: `${server.baseUrl}/logout` }
      : client,
  )
  await platform.restartWith([...Object.values(clients), ...inFile])
  const { sub, browser, tokens } = await told('here')
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

test('an id_token_hint of such a system is recognised', async () => {
  const { config, tokens, browser } = await told('here')
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

describe('a sector is claimed by an address that lists its members', () => {
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
    ['both of them', [callback, library], 201],
    ['one of them', [callback], 400],
    ['no list', { callback }, 400],
  ])('%s', async (_, listed, status) => {
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

  test('addresses on several hosts need one', async () => {
    const answer = await register({})
    expect(await answer.json()).toEqual({
      error: 'invalid_client_metadata',
      error_description: 'sector_identifier_uri: is missing (redirect_uris lie on several hosts)',
    })
  })

  test('an address that does not answer', async () => {
    const answer = await register({ sector_identifier_uri: 'https://localhost:1/list.json' })
    expect(await answer.json()).toMatchObject({ error: 'invalid_client_metadata' })
  })
})
