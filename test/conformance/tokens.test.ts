import { createHash, randomBytes } from 'node:crypto'
import { processClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { callback, type SuitePlatform, suiteClients, suitePlatform } from './suite-platform.ts'

/** Modules of the plan Basic about the token endpoint, and what the plan Form Post adds. */

const { turn, restore } = processClock()
let tested: SuitePlatform
beforeAll(async () => {
  tested = await suitePlatform()
})
afterAll(async () => {
  await tested.close()
  restore()
})

test.each([
  ['oidcc-codereuse', 0],
  ['oidcc-codereuse-30seconds', 30],
])(
  '%s: the second use of a code is invalid_grant and ends the access token',
  async (_, seconds) => {
    const { answer, tokens } = await tested.signInWith()
    turn(seconds)
    const reused = await tested.exchange(answer)
    expect(reused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(reused.type).toMatch(/^application\/json/)
    expect((await tested.userinfo(tokens['access_token'])).status).toBe(401)
  },
)

test('oidcc-server-client-secret-post', async () => {
  const { client_id, client_secret } = suiteClients.posting
  const url = tested.request({}, suiteClients.posting)
  const code = String((await tested.signIn(cookieBrowser(), url)).searchParams.get('code'))
  const exchange = { grant_type: 'authorization_code', code, redirect_uri: callback }
  const { status, body } = await tested.token({ ...exchange, client_id, client_secret }, {})
  expect(status).toBe(200)
  expect((await tested.idToken(body, client_id)).payload.sub).toBe(tested.sub)
})

const offline = { scope: 'openid offline_access', prompt: 'consent' }

function refresh(refreshToken: unknown, client: (typeof suiteClients)['first' | 'second']) {
  const { scope } = offline
  const body = { grant_type: 'refresh_token', refresh_token: String(refreshToken), scope }
  return tested.token(body, tested.basic(client))
}

test('oidcc-refresh-token: the new ID token has the same issuer, subject and audience, and is issued later', async () => {
  const { tokens, payload } = await tested.signInWith(offline)
  turn(1)
  const refreshed = await refresh(tokens['refresh_token'], suiteClients.first)
  expect(refreshed.status).toBe(200)
  expect(refreshed.body['access_token']).not.toBe(tokens['access_token'])
  const { payload: later } = await tested.idToken(refreshed.body)
  const { iss, sub, aud, azp } = later
  expect({ iss, sub, aud, azp }).toEqual({
    ...{ iss: payload.iss, sub: payload.sub, aud: payload.aud },
    azp: payload['azp'],
  })
  expect(later.iat).toBeGreaterThan(Number(payload.iat))
})

test('oidcc-refresh-token: the refresh token of the second client is invalid_grant for the first one', async () => {
  const { first, second } = suiteClients
  const nonce = 'n'.repeat(43)
  const url = tested.request({ ...offline, nonce }, second)
  const { body } = await tested.exchange(await tested.signIn(cookieBrowser(), url), second)
  expect((await refresh(body['refresh_token'], second)).status).toBe(200)
  const refused = await refresh(body['refresh_token'], first)
  expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect(refused.type).toMatch(/^application\/json/)
})

test('oidcc-ensure-request-with-valid-pkce-succeeds', async () => {
  const code_verifier = randomBytes(32).toString('base64url')
  const code_challenge = createHash('sha256').update(code_verifier).digest('base64url')
  const url = tested.request({ code_challenge, code_challenge_method: 'S256' })
  const answer = await tested.signIn(cookieBrowser(), url)
  expect((await tested.exchange(answer, suiteClients.first, { code_verifier })).status).toBe(200)
})

describe('response_mode=form_post', () => {
  const response_mode = 'form_post'

  test('the answer is a form that posts code and state to the redirect URI', async () => {
    const browser = cookieBrowser()
    const state = 'a-state-of-the-suite'
    const url = tested.request({ response_mode, state })
    const page = await tested.submit(browser, await browser.visit(url, callback))
    expect(page.text).toContain(`<form method="post" action="${callback}">`)
    expect(page.text).toContain(`name="state" value="${state}"`)
    expect(page.text).toMatch(/name="code" value="[\w-]+"/)
    expect(page.response.headers.get('content-security-policy')).not.toContain('form-action')
  })

  test('an error is posted too', async () => {
    const page = await cookieBrowser().visit(tested.request({ response_mode, prompt: 'none' }))
    expect(page.text).toContain('name="error" value="login_required"')
  })
})
