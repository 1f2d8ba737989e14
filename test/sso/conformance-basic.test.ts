import { createHash, randomBytes } from 'node:crypto'
import { processClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { callback, conformanceWorld, suiteClients, type World } from './conformance-world.ts'
import { person } from './platform.ts'

/** What the modules of the plans Basic and Form Post look at, in the order of the Basic plan. */

const { turn, restore } = processClock()
let world: World
beforeAll(async () => {
  world = await conformanceWorld()
})
afterAll(async () => {
  await world.close()
  restore()
})

/** Signs in in a new browser; everything the relying party gets. */
async function told(
  params: Readonly<Record<string, string | null>> = {},
  browser = cookieBrowser(),
) {
  const url = world.request(params)
  const answer = await world.signIn(browser, url)
  const { status, body: tokens } = await world.exchange(answer)
  expect(status).toBe(200)
  const { payload, header } = await world.idToken(tokens)
  const asked = new URL(url).searchParams
  expect(answer.searchParams.get('state')).toBe(asked.get('state'))
  expect(payload['nonce'] ?? null).toBe(asked.get('nonce'))
  expect(payload.sub).toBe(world.sub)
  return { answer, tokens, payload, header, browser }
}

/** Where a request ends without a person. */
async function refused(params: Readonly<Record<string, string | null>>, browser = cookieBrowser()) {
  const page = await browser.visit(world.request(params), callback)
  return { page, answer: Object.fromEntries(page.path.at(-1)?.searchParams ?? []) }
}

test('oidcc-server: a code of some length, and an ID token that is right', async () => {
  const { answer, tokens } = await told()
  expect(answer.searchParams.get('code')?.length).toBeGreaterThanOrEqual(22)
  expect(answer.searchParams.get('iss')).toBe(world.proxy.url)
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 600 })
})

test('oidcc-response-type-missing', async () => {
  const { answer } = await refused({ response_type: null })
  expect(answer).toMatchObject({ error: 'invalid_request' })
  expect(answer['state']).toBeTruthy()
})

test('oidcc-idtoken-signature: RS256 by a key that is published', async () => {
  const { header } = await told()
  expect(header).toMatchObject({ alg: 'RS256', kid: expect.stringMatching(/./) })
})

test('oidcc-idtoken-unsigned and unsigned request objects: not offered, so the modules are skipped', () => {
  expect(world.discovery['id_token_signing_alg_values_supported']).not.toContain('none')
  expect(world.discovery['request_object_signing_alg_values_supported']).not.toContain('none')
  expect(world.discovery['request_uri_parameter_supported']).toBe(false)
})

test.each(['get', 'post-header', 'post-body'])('oidcc-userinfo-%s', async (way) => {
  const { tokens } = await told()
  const bearer = String(tokens['access_token'])
  const headers = { authorization: `Bearer ${bearer}` }
  const endpoint = String(world.discovery['userinfo_endpoint'])
  const answer =
    way === 'get'
      ? await world.ask('GET', endpoint, { headers })
      : way === 'post-header'
        ? await world.ask('POST', endpoint, { headers })
        : await world.ask('POST', endpoint, { body: new URLSearchParams({ access_token: bearer }) })
  expect(answer).toMatchObject({ status: 200, body: { sub: world.sub } })
  expect(answer.type).toMatch(/^application\/json/)
})

test('oidcc-ensure-request-without-nonce-succeeds-for-code-flow', async () => {
  const { payload } = await told({ nonce: null })
  expect(payload).not.toHaveProperty('nonce')
})

test.each([
  ['profile', ['preferred_username', 'name', 'gender', 'birthdate']],
  ['phone', ['phone_number', 'phone_number_verified']],
])('oidcc-scope-%s: its claims come from userinfo, not in the ID token', async (scope, claims) => {
  const { tokens, payload } = await told({ scope: `openid ${scope}` })
  const { body } = await world.userinfo(tokens['access_token'])
  for (const claim of claims) {
    expect(body).toHaveProperty(claim)
    expect(payload).not.toHaveProperty(claim)
  }
})

test('oidcc-scope-email, -address, -all: we know none, and discovery says so', async () => {
  for (const scope of ['email', 'address'])
    expect(world.discovery['scopes_supported']).not.toContain(scope)
  const { tokens } = await told({ scope: 'openid profile email address phone' })
  expect(tokens['scope']).toBe('openid profile phone')
})

test('oidcc-alternate-happy-flow: another order of scopes and parameters', async () => {
  const { tokens } = await told({ scope: 'phone profile openid' })
  expect((await world.userinfo(tokens['access_token'])).body).toHaveProperty('name')
})

test.each([
  ['display-page', { display: 'page' }],
  ['display-popup', { display: 'popup' }],
  ['login-hint', { login_hint: 'Zhang.San' }],
  ['ui-locales', { ui_locales: 'se fr-CA en' }],
  ['claims-locales', { claims_locales: 'se' }],
  ['ensure-request-with-unknown-parameter-succeeds', { extra: 'foobar' }],
])('oidcc-%s', async (_, params) => {
  await told(params)
})

test('oidcc-login-hint: it stands in the field', async () => {
  const page = await cookieBrowser().visit(world.request({ login_hint: 'somebody' }), callback)
  expect(page.text).toContain('value="somebody"')
})

/** The same session asks again. */
async function again(params: Readonly<Record<string, string>>, first = {}) {
  const before = await told(first)
  const page = await before.browser.visit(world.request(params), callback)
  return { before, page }
}

test('oidcc-prompt-login: a second login, later than the first', async () => {
  const first = await told({ max_age: '1000' })
  const page = await first.browser.visit(
    world.request({ prompt: 'login', max_age: '1000' }),
    callback,
  )
  expect(page.text).toContain('id="password"')
  const { body: tokens } = await world.exchange(
    world.answerOf(await world.submit(first.browser, page)),
  )
  const { payload } = await world.idToken(tokens)
  expect(payload['auth_time']).toBeGreaterThanOrEqual(Number(first.payload['auth_time']))
  expect(payload.sub).toBe(first.payload.sub)
})

test('oidcc-prompt-none-not-logged-in', async () => {
  expect((await refused({ prompt: 'none' })).answer).toMatchObject({ error: 'login_required' })
})

test('oidcc-prompt-none-logged-in: the same person, the same login', async () => {
  const { before, page } = await again({ prompt: 'none', max_age: '10000' }, { max_age: '15000' })
  const { body } = await world.exchange(world.answerOf(page))
  const { payload } = await world.idToken(body)
  expect(payload.sub).toBe(before.payload.sub)
  expect(payload['auth_time']).toBe(before.payload['auth_time'])
})

test('oidcc-max-age-1: after two seconds, a new login', async () => {
  const first = await told()
  turn(2)
  const page = await first.browser.visit(world.request({ max_age: '1' }), callback)
  expect(page.text).toContain('id="password"')
  const { body } = await world.exchange(world.answerOf(await world.submit(first.browser, page)))
  expect((await world.idToken(body)).payload['auth_time']).toEqual(expect.any(Number))
})

test('oidcc-max-age-10000: the login still counts, and the ID token says when it was', async () => {
  const { before, page } = await again({ max_age: '10000' }, { max_age: '15000' })
  const { body } = await world.exchange(world.answerOf(page))
  const { payload } = await world.idToken(body)
  expect(payload['auth_time']).toBe(before.payload['auth_time'])
})

test('oidcc-id-token-hint', async () => {
  const first = await told()
  const hint = { prompt: 'none', id_token_hint: String(first.tokens['id_token']) }
  const page = await first.browser.visit(world.request(hint), callback)
  const { body } = await world.exchange(world.answerOf(page))
  expect((await world.idToken(body)).payload.sub).toBe(first.payload.sub)
})

test('oidcc-ensure-request-with-acr-values-succeeds: by values of ours, and by ones that nobody knows', async () => {
  const [acr] = world.discovery['acr_values_supported'] as string[]
  expect((await told({ acr_values: String(acr) })).payload['acr']).toBe(acr)
  expect((await told({ acr_values: '1 2' })).payload['acr']).toBeTruthy()
})

test('oidcc-claims-essential: the name comes from userinfo', async () => {
  const claims = JSON.stringify({ userinfo: { name: { essential: true } } })
  const { tokens, payload } = await told({ claims })
  expect((await world.userinfo(tokens['access_token'])).body['name']).toBe(person.name)
  expect(payload).not.toHaveProperty('name')
})

test('oidcc-codereuse, and after 30 s, of the 60 that a code lives: what it gave is worth nothing', async () => {
  const away = world.request({ scope: 'openid offline_access', prompt: 'consent' })
  const answer = await world.signIn(cookieBrowser(), away)
  const { body: tokens } = await world.exchange(answer)
  const reused = await world.exchange(answer)
  expect(reused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect((await world.userinfo(tokens['access_token'])).status).toBe(401)
})

test('oidcc-ensure-registered-redirect-uri: an error page that names the error, and no redirect', async () => {
  const { page } = await refused({ redirect_uri: `${callback}/xyz` })
  expect(page.path).toHaveLength(1)
  expect(page.response.status).toBe(400)
  expect(page.text).toContain('invalid_redirect_uri')
})

test('oidcc-ensure-post-request-succeeds', async () => {
  const browser = cookieBrowser()
  const { origin, pathname, searchParams } = new URL(world.request())
  const init = { method: 'POST', body: searchParams, headers: { origin: 'https://suite.test' } }
  const page = await browser.visit(`${origin}${pathname}`, callback, init)
  const answer = world.answerOf(await world.submit(browser, page))
  expect((await world.exchange(answer)).status).toBe(200)
})

test('a POST from the suite’s own page finds the session', async () => {
  const { browser } = await told()
  const { origin, pathname, searchParams } = new URL(world.request({ prompt: 'none' }))
  const init = { method: 'POST', body: searchParams, headers: { origin: 'https://suite.test' } }
  const page = await browser.visit(`${origin}${pathname}`, callback, init)
  expect(world.answerOf(page).searchParams.get('code')).toBeTruthy()
})

test('the session’s cookie goes along with posts of other sites, which takes https', async () => {
  const { browser } = await told()
  expect(browser.cookie('__Host-uup_session')).toBeTruthy()
  const page = await browser.visit(world.request({ prompt: 'login' }), callback)
  const answer = await browser.request(world.request({ prompt: 'none' }))
  expect(page.response.status).toBe(200)
  for (const line of answer.headers.getSetCookie().filter((each) => each.includes('uup_session')))
    expect(line).toMatch(/samesite=none; secure/i)
})

test('oidcc-server-client-secret-post', async () => {
  const { posting } = suiteClients
  const answer = await world.signIn(cookieBrowser(), world.request({}, posting))
  const { client_id, client_secret } = posting
  const code = String(answer.searchParams.get('code'))
  const body = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    client_id,
    client_secret,
  }
  const got = await world.token(body, {})
  expect(got.status).toBe(200)
  expect((await world.idToken(got.body, client_id)).payload.sub).toBe(world.sub)
})

test('oidcc-request-uri-unsigned: refused as what is not supported', async () => {
  const { answer } = await refused({ request_uri: 'https://suite.test/request.jwt' })
  expect(answer).toMatchObject({ error: 'request_uri_not_supported' })
})

test('oidcc-unsigned-request-object: refused', async () => {
  const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
  const request = `${encoded({ alg: 'none' })}.${encoded({ client_id: 'suite-1' })}.`
  const { page, answer } = await refused({ request })
  expect(answer['error'] ?? page.text).toMatch(/invalid_request_object|request_not_supported/)
})

test('oidcc-refresh-token: a new ID token for the same person, and worth nothing to another client', async () => {
  const { first, second } = suiteClients
  const away = { scope: 'openid offline_access', prompt: 'consent' }
  const refresh = (tokens: Record<string, unknown>, client: typeof first | typeof second) =>
    world.token(
      { grant_type: 'refresh_token', refresh_token: String(tokens['refresh_token']) },
      world.basic(client),
    )
  const { tokens, payload } = await told(away)
  const refreshed = await refresh(tokens, first)
  const { payload: anew } = await world.idToken(refreshed.body)
  expect(anew).toMatchObject({ iss: payload.iss, sub: payload.sub, aud: payload.aud })
  expect(refreshed.body['access_token']).not.toBe(tokens['access_token'])

  const answer = await world.signIn(cookieBrowser(), world.request(away, second))
  const others = await world.exchange(answer, second)
  expect(await refresh(others.body, first)).toMatchObject({
    status: 400,
    body: { error: 'invalid_grant' },
  })
})

test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
  const verifier = randomBytes(32).toString('base64url')
  const code_challenge = createHash('sha256').update(verifier).digest('base64url')
  const asked = world.request({ code_challenge, code_challenge_method: 'S256' })
  const answer = await world.signIn(cookieBrowser(), asked)
  expect(
    (await world.exchange(answer, suiteClients.first, { code_verifier: verifier })).status,
  ).toBe(200)
})

test('form post: the answer is a form that goes on by itself, errors too', async () => {
  const browser = cookieBrowser()
  const url = world.request({ response_mode: 'form_post' })
  const page = await world.submit(browser, await browser.visit(url, callback))
  expect(page.text).toContain(`<form method="post" action="${callback}">`)
  const state = new URL(url).searchParams.get('state')
  expect(page.text).toContain(`name="state" value="${state}"`)
  expect(page.text).toMatch(/name="code" value="[\w-]+"/)
  expect(page.response.headers.get('content-security-policy')).not.toContain('form-action')

  const failed = await cookieBrowser().visit(
    world.request({ response_mode: 'form_post', prompt: 'none' }),
  )
  expect(failed.text).toContain('name="error" value="login_required"')
})
