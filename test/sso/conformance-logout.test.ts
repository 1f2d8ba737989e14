import { jwtVerify } from 'jose'
import { certificate } from '../support/certificates.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { type LocalServer, localServer } from '../support/vendors/local-server.ts'
import { conformanceWorld, type Json, suiteClients, type World } from './conformance-world.ts'

/** What the modules of the plans RP-Initiated Logout and Back-Channel Logout look at. */

const [back = ''] = suiteClients.first.post_logout_redirect_uris
let world: World
let suite: LocalServer
beforeAll(async () => {
  world = await conformanceWorld()
  const own = { subject: [['CN', 'localhost']], dns: ['localhost'] } as const
  suite = await localServer(0, certificate({ ...own, issuer: world.proxy.authority }))
  suite.answer(() => ({ status: 200, body: '' }))
  const listening = {
    ...suiteClients.first,
    backchannel_logout_uri: `${suite.baseUrl}/backchannel_logout`,
    backchannel_logout_session_required: true,
  }
  await world.platform.restartWith([listening, suiteClients.second])
})
afterAll(async () => {
  await world.close()
  await suite.close()
})

async function signedIn() {
  const browser = cookieBrowser()
  const { body: tokens } = await world.exchange(await world.signIn(browser, world.request()))
  const { payload } = await world.idToken(tokens)
  return { browser, hint: String(tokens['id_token']), payload }
}
type SignedIn = Awaited<ReturnType<typeof signedIn>>

/** To the end session endpoint, and through the page that asks, if there is one. */
async function signOut({ browser }: SignedIn, params: Readonly<Record<string, string>>) {
  const endpoint = String(world.discovery['end_session_endpoint'])
  const page = await browser.visit(`${endpoint}?${new URLSearchParams(params)}`, back)
  const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? []
  const asked = xsrf !== undefined
  if (!asked) return { page, asked }
  const body = new URLSearchParams({ xsrf, logout: 'yes' })
  const done = await browser.visit(`${endpoint}/confirm`, back, { method: 'POST', body })
  return { page: done, asked }
}

const stillSignedIn = async ({ browser }: SignedIn) => {
  const { path } = await browser.visit(world.request({ prompt: 'none' }), 'https://suite.test/')
  return path.at(-1)?.searchParams.get('error') !== 'login_required'
}

test('the discovery documents of both plans', () => {
  expect(world.discovery).toMatchObject({
    end_session_endpoint: expect.stringMatching(/^https:/),
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  })
})

test('oidcc-rp-initiated-logout, and -no-state: back with the state, and signed out', async () => {
  const person = await signedIn()
  const state = 'a state of the suite'
  const { page } = await signOut(person, {
    id_token_hint: person.hint,
    post_logout_redirect_uri: back,
    state,
  })
  expect(page.path.at(-1)?.href.startsWith(back)).toBe(true)
  expect(page.path.at(-1)?.searchParams.get('state')).toBe(state)
  expect(await stillSignedIn(person)).toBe(false)

  const other = await signedIn()
  const stateless = { id_token_hint: other.hint, post_logout_redirect_uri: back }
  expect((await signOut(other, stateless)).page.path.at(-1)?.href).toBe(back)
})

test.each([
  [
    'bad-post-logout-redirect-uri',
    (hint: string) => ({ id_token_hint: hint, post_logout_redirect_uri: `${back}/other` }),
  ],
  [
    'query-added',
    (hint: string) => ({ id_token_hint: hint, post_logout_redirect_uri: `${back}?foo=bar` }),
  ],
  [
    'modified-id-token-hint',
    (hint: string) => ({
      id_token_hint: `${hint.slice(0, -8)}AAAAAAAA`,
      post_logout_redirect_uri: back,
    }),
  ],
  ['bad-id-token-hint', () => ({ id_token_hint: 'nonsense', post_logout_redirect_uri: back })],
])(
  'oidcc-rp-initiated-logout-%s: an error page, and nobody is sent anywhere',
  async (_, params) => {
    const person = await signedIn()
    const { page, asked } = await signOut(person, params(person.hint))
    expect({ asked, status: page.response.status }).toEqual({ asked: false, status: 400 })
    expect(page.path).toHaveLength(1)
    expect(page.text).toContain('invalid_request')
    expect(await stillSignedIn(person)).toBe(true)
  },
)

test.each([
  ['no-id-token-hint', () => ({ post_logout_redirect_uri: back })],
  ['no-params', () => ({})],
  ['only-state', () => ({ state: 'x' })],
  ['no-post-logout-redirect-uri', (hint: string) => ({ id_token_hint: hint })],
])(
  'oidcc-rp-initiated-logout-%s: the person is asked, then told that it is done',
  async (_, params) => {
    const person = await signedIn()
    const { page, asked } = await signOut(person, params(person.hint))
    expect(asked).toBe(true)
    expect(page.text).toContain('已退出登录')
    expect(page.path.at(-1)?.href.startsWith(world.proxy.url)).toBe(true)
    expect(await stillSignedIn(person)).toBe(false)
  },
)

test('oidcc-backchannel-rp-initiated-logout: a logout token by https, right in every part', async () => {
  const person = await signedIn()
  const before = suite.received.length
  await signOut(person, { id_token_hint: person.hint, post_logout_redirect_uri: back })
  const message = suite.received[before]
  expect(message).toMatchObject({
    method: 'POST',
    url: '/backchannel_logout',
    headers: { 'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/) },
  })
  const token = String(new URLSearchParams(message?.body).get('logout_token'))
  const { payload, protectedHeader } = await jwtVerify<Json>(token, world.keys, {
    issuer: world.proxy.url,
    audience: suiteClients.first.client_id,
    typ: 'logout+jwt',
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
  })
  expect(protectedHeader.alg).toBe('RS256')
  expect(payload).toMatchObject({
    sub: world.sub,
    sid: person.payload['sid'],
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
  expect(person.payload['sid']).toBeTruthy()
  expect(payload).not.toHaveProperty('nonce')
})
