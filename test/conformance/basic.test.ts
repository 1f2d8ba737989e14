import { person } from '../sso/platform.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { callback, type SuitePlatform, suitePlatform } from './suite-platform.ts'

/** Modules of the plan Basic about one authorization request: its answer, its tokens and its claims. */

let tested: SuitePlatform
beforeAll(async () => {
  tested = await suitePlatform()
})
afterAll(() => tested.close())

test('oidcc-server: the code has 128 bits, and the ID token holds no claims of a scope', async () => {
  const { answer, tokens, payload } = await tested.signInWith()
  expect(answer.searchParams.get('code')?.length).toBeGreaterThanOrEqual(22)
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600 })
  const allowed = 'iss sub aud exp iat auth_time nonce acr amr at_hash sid jti'.split(' ')
  expect(allowed).toEqual(expect.arrayContaining(Object.keys(payload)))
})

test('oidcc-response-type-missing: invalid_request, with the state', async () => {
  const state = 'a state of the suite'
  const { answer } = await tested.refused({ response_type: null, state })
  expect(answer).toMatchObject({ error: 'invalid_request', state })
})

test('oidcc-idtoken-signature: the ID token is signed with RS256 by a published key', async () => {
  const { header } = await tested.signInWith()
  expect(header).toMatchObject({ alg: 'RS256', kid: expect.stringMatching(/./) })
})

const requestObjectAlgorithms = 'request_object_signing_alg_values_supported'

test.each([
  ['oidcc-idtoken-unsigned', 'id_token_signing_alg_values_supported', 'none'],
  [
    'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
    requestObjectAlgorithms,
    'none',
  ],
  [
    'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
    requestObjectAlgorithms,
    'none',
  ],
  ['oidcc-ensure-request-object-with-redirect-uri', requestObjectAlgorithms, 'none'],
  ['oidcc-scope-email', 'scopes_supported', 'email'],
  ['oidcc-scope-address', 'scopes_supported', 'address'],
  ['oidcc-scope-all', 'scopes_supported', 'email'],
  ['oidcc-alternate-happy-flow', 'scopes_supported', 'email'],
])('%s is skipped: %s in discovery does not list %s', (_, metadata, value) => {
  expect(tested.discovery[metadata]).toEqual(expect.any(Array))
  expect(tested.discovery[metadata]).not.toContain(value)
})

test.each([
  ['oidcc-userinfo-get', 'GET', 'header'],
  ['oidcc-userinfo-post-header', 'POST', 'header'],
  ['oidcc-userinfo-post-body', 'POST', 'body'],
])('%s: userinfo is JSON with the subject of the ID token', async (_, method, place) => {
  const { tokens, payload } = await tested.signInWith()
  const access_token = String(tokens['access_token'])
  const init =
    place === 'header'
      ? { headers: { authorization: `Bearer ${access_token}` } }
      : { body: new URLSearchParams({ access_token }) }
  const answer = await tested.ask(method, String(tested.discovery['userinfo_endpoint']), init)
  expect(answer).toMatchObject({ status: 200, body: { sub: payload.sub } })
  expect(answer.type).toMatch(/^application\/json/)
})

test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
  const { payload } = await tested.signInWith({ nonce: null })
  expect(payload).not.toHaveProperty('nonce')
})

test.each([
  ['profile', ['preferred_username', 'name', 'gender', 'birthdate']],
  ['phone', ['phone_number', 'phone_number_verified']],
])(
  'oidcc-scope-%s: userinfo holds the claims that an account has, the ID token none',
  async (scope, claims) => {
    const { tokens, payload } = await tested.signInWith({ scope: `openid ${scope}` })
    const { body } = await tested.userinfo(tokens['access_token'])
    for (const claim of claims) {
      expect(body).toHaveProperty(claim)
      expect(payload).not.toHaveProperty(claim)
    }
  },
)

test('the order of scopes and parameters does not matter', async () => {
  const url = new URL(tested.request({ scope: 'phone profile openid' }))
  url.search = new URLSearchParams([...url.searchParams].reverse()).toString()
  const answer = await tested.signIn(cookieBrowser(), url.href)
  const { body: tokens } = await tested.exchange(answer)
  expect((await tested.userinfo(tokens['access_token'])).body).toHaveProperty('name')
})

test.each([
  ['oidcc-display-page', { display: 'page' }],
  ['oidcc-display-popup', { display: 'popup' }],
  ['oidcc-login-hint', { login_hint: 'Zhang.San' }],
  ['oidcc-ui-locales', { ui_locales: 'se' }],
  ['oidcc-claims-locales', { claims_locales: 'se' }],
  ['oidcc-ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
])('%s: the sign-in succeeds', async (_, params) => {
  await tested.signInWith(params)
})

test('login_hint is in the field for the username', async () => {
  const page = await cookieBrowser().visit(tested.request({ login_hint: 'somebody' }), callback)
  expect(page.text).toContain('value="somebody"')
})

test('oidcc-ensure-request-with-acr-values-succeeds: acr is one of the values in discovery', async () => {
  const supported = tested.discovery['acr_values_supported'] as string[]
  const { payload } = await tested.signInWith({ acr_values: supported.join(' ') })
  expect(supported).toContain(payload['acr'])
})

test('acr_values that nobody knows are ignored', async () => {
  const { payload } = await tested.signInWith({ acr_values: '1 2' })
  expect(tested.discovery['acr_values_supported']).toContain(payload['acr'])
})

test('oidcc-claims-essential: the name is in userinfo and not in the ID token', async () => {
  const claims = JSON.stringify({ userinfo: { name: { essential: true } } })
  const { tokens, payload } = await tested.signInWith({ claims })
  expect((await tested.userinfo(tokens['access_token'])).body['name']).toBe(person.name)
  expect(payload).not.toHaveProperty('name')
})

test('oidcc-ensure-registered-redirect-uri: an error page that names the error, and no redirect', async () => {
  const { page } = await tested.refused({ redirect_uri: `${callback}/xyz` })
  expect(page.path).toHaveLength(1)
  expect(page.response.status).toBe(400)
  expect(page.text).toContain('invalid_redirect_uri')
})
