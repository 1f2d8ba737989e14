import { jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { certificate } from '../support/certificates.ts'
import { type LocalServer, localServer } from '../support/vendors/local-server.ts'
import { type Json, type SuitePlatform, suiteClients, suitePlatform } from './suite-platform.ts'

/** The plans RP-Initiated Logout and Back-Channel Logout. */

const [back = ''] = suiteClients.first.post_logout_redirect_uris
const state = 's'.repeat(128)
let tested: SuitePlatform
let listener: LocalServer
beforeAll(async () => {
  tested = await suitePlatform()
  const own = { subject: [['CN', 'localhost']], dns: ['localhost'] } as const
  listener = await localServer(0, certificate({ ...own, issuer: tested.proxy.authority }))
  listener.answer(() => ({ status: 200, body: '' }))
  const listening = {
    ...suiteClients.first,
    backchannel_logout_uri: `${listener.baseUrl}/backchannel_logout`,
    backchannel_logout_session_required: true,
  }
  await tested.platform.restartWith([listening, suiteClients.second])
})
afterAll(async () => {
  await tested.close()
  await listener.close()
})

type SignedIn = Awaited<ReturnType<SuitePlatform['signInWith']>>
type Params = Readonly<Record<string, string>>

/** Opens the end session endpoint, and confirms on its page where there is one. */
async function signOut({ browser }: SignedIn, params: Params) {
  const endpoint = String(tested.discovery['end_session_endpoint'])
  const page = await browser.visit(`${endpoint}?${new URLSearchParams(params)}`, back)
  const [, xsrf] = /name="xsrf" value="([^"]+)"/.exec(page.text) ?? []
  const asked = xsrf !== undefined
  if (!asked) return { page, asked }
  const body = new URLSearchParams({ xsrf, logout: 'yes' })
  const done = await browser.visit(`${endpoint}/confirm`, back, { method: 'POST', body })
  return { page: done, asked }
}

/** The error of an authorization request with prompt=none in the same browser. */
async function silently({ browser }: SignedIn) {
  const { path } = await browser.visit(tested.request({ prompt: 'none' }), 'https://suite.test/')
  return path.at(-1)?.searchParams.get('error') ?? 'none'
}

/** The parameters that the modules send unless they change them. */
const usual = ({ tokens }: SignedIn): Params => ({
  id_token_hint: String(tokens['id_token']),
  post_logout_redirect_uri: back,
  state,
})
const without = (params: Params, ...names: readonly string[]): Params =>
  Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)))

test.each([
  'oidcc-rp-initiated-logout-discovery-endpoint-verification',
  'oidcc-backchannel-logout-discovery-endpoint-verification',
])('%s', () => {
  expect(tested.discovery).toMatchObject({
    end_session_endpoint: expect.stringMatching(/^https:/),
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
  })
})

test.each([
  ['oidcc-rp-initiated-logout', [], { state }],
  ['oidcc-rp-initiated-logout-no-state', ['state'], {}],
] as const)(
  '%s: the person comes back with the state that was sent and is signed out',
  async (_, left, returned) => {
    const signedIn = await tested.signInWith()
    const { page } = await signOut(signedIn, without(usual(signedIn), ...left))
    const at = page.path.at(-1)
    expect(`${at?.origin}${at?.pathname}`).toBe(back)
    expect(Object.fromEntries(at?.searchParams ?? [])).toEqual(returned)
    expect(await silently(signedIn)).toBe('login_required')
  },
)

/** An ID token that the suite signs for itself: issuer and audience are exchanged. */
const forged = () =>
  new SignJWT({ nonce: 'flibble' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(suiteClients.first.client_id)
    .setAudience(tested.proxy.url)
    .setSubject('SubjectID')
    .setIssuedAt()
    .setExpirationTime('5 min')
    .sign(new TextEncoder().encode(suiteClients.first.client_secret))

test.each([
  [
    'bad-post-logout-redirect-uri',
    (signedIn: SignedIn) => ({ ...usual(signedIn), post_logout_redirect_uri: `${back}/other` }),
  ],
  [
    'query-added-to-post-logout-redirect-uri',
    (signedIn: SignedIn) => ({ ...usual(signedIn), post_logout_redirect_uri: `${back}?foo=bar` }),
  ],
  [
    'modified-id-token-hint',
    (signedIn: SignedIn) => ({
      ...usual(signedIn),
      id_token_hint: new UnsecuredJWT(signedIn.payload).encode(),
    }),
  ],
  [
    'bad-id-token-hint',
    async (signedIn: SignedIn) => ({ ...usual(signedIn), id_token_hint: await forged() }),
  ],
])(
  'oidcc-rp-initiated-logout-%s: an error page, no redirect, and the session stays',
  async (_, params) => {
    const signedIn = await tested.signInWith()
    const { page, asked } = await signOut(signedIn, await params(signedIn))
    expect({ asked, status: page.response.status }).toEqual({ asked: false, status: 400 })
    expect(page.path).toHaveLength(1)
    expect(page.text).toMatch(/invalid_(request|client)/)
    expect(await silently(signedIn)).toBe('none')
  },
)

test.each([
  ['no-id-token-hint', ['id_token_hint']],
  ['no-params', ['id_token_hint', 'post_logout_redirect_uri', 'state']],
  ['only-state', ['id_token_hint', 'post_logout_redirect_uri']],
  ['no-post-logout-redirect-uri', ['post_logout_redirect_uri']],
])(
  'oidcc-rp-initiated-logout-%s: the person confirms, is signed out and stays here',
  async (_, left) => {
    const signedIn = await tested.signInWith()
    const { page, asked } = await signOut(signedIn, without(usual(signedIn), ...left))
    expect(asked).toBe(true)
    expect(page.text).toContain('已退出登录')
    expect(page.path.at(-1)?.href.startsWith(tested.proxy.url)).toBe(true)
    expect(await silently(signedIn)).toBe('login_required')
  },
)

test('oidcc-backchannel-rp-initiated-logout: the client gets a logout token for the session', async () => {
  const signedIn = await tested.signInWith()
  const before = listener.received.length
  const { page } = await signOut(signedIn, usual(signedIn))
  expect(page.path.at(-1)?.searchParams.get('state')).toBe(state)
  const message = listener.received[before]
  expect(message).toMatchObject({
    method: 'POST',
    url: '/backchannel_logout',
    headers: { 'content-type': expect.stringMatching(/^application\/x-www-form-urlencoded/) },
  })
  const sent = new URLSearchParams(message?.body)
  expect([...sent.keys()]).toEqual(['logout_token'])
  const token = String(sent.get('logout_token'))
  const { payload, protectedHeader } = await jwtVerify<Json>(token, tested.keys, {
    issuer: tested.proxy.url,
    audience: suiteClients.first.client_id,
    typ: 'logout+jwt',
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
  })
  expect(protectedHeader.alg).toBe('RS256')
  expect(signedIn.payload['sid']).toBeTruthy()
  expect(payload).toMatchObject({
    sub: tested.sub,
    sid: signedIn.payload['sid'],
    events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
  })
  expect(payload).not.toHaveProperty('nonce')
  expect(await silently(signedIn)).toBe('login_required')
})
