import { processClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { callback, type SuitePlatform, suitePlatform } from './suite-platform.ts'

/** Modules of the plan Basic that ask a second time, and those that post the request. */

const { turn, restore } = processClock()
let tested: SuitePlatform
beforeAll(async () => {
  tested = await suitePlatform()
})
afterAll(async () => {
  await tested.close()
  restore()
})

test('oidcc-prompt-login: the person signs in again, and auth_time is later', async () => {
  const first = await tested.signInWith({ max_age: '15000' })
  turn(1)
  const { payload } = await tested.signInAgain({ prompt: 'login' }, first.browser)
  expect(payload['auth_time']).toBeGreaterThan(Number(first.payload['auth_time']))
})

test('oidcc-prompt-none-not-logged-in: login_required, with a state of 128 characters', async () => {
  const state = 'x'.repeat(128)
  const { answer } = await tested.refused({ prompt: 'none', state })
  expect(answer).toMatchObject({ error: 'login_required', state })
  expect(answer).not.toHaveProperty('code')
})

test.each([
  ['oidcc-prompt-none-logged-in', { prompt: 'none' }],
  ['oidcc-max-age-10000', { max_age: '10000' }],
])('%s: no second login, and auth_time stays the same', async (_, params) => {
  const first = await tested.signInWith({ max_age: '15000' })
  expect(first.payload['auth_time']).toEqual(expect.any(Number))
  turn(1)
  const { payload } = await tested.signInSilently({ max_age: '15000', ...params }, first.browser)
  expect(payload['auth_time']).toBe(first.payload['auth_time'])
})

test('oidcc-max-age-1: two seconds later the person signs in again, and auth_time is later', async () => {
  const first = await tested.signInWith({ max_age: '15000' })
  turn(2)
  const { payload } = await tested.signInAgain({ max_age: '1' }, first.browser)
  expect(payload['auth_time']).toBeGreaterThan(Number(first.payload['auth_time']))
})

test('oidcc-id-token-hint: prompt=none succeeds for the person of the hint', async () => {
  const { browser, tokens } = await tested.signInWith()
  const id_token_hint = String(tokens['id_token'])
  await tested.signInSilently({ prompt: 'none', id_token_hint }, browser)
})

/** Posts an authorization request from a page of the suite. */
function post(browser: ReturnType<typeof cookieBrowser>, params = {}) {
  const { origin, pathname, searchParams } = new URL(tested.request(params))
  const init = { method: 'POST', body: searchParams, headers: { origin: 'https://suite.test' } }
  return browser.visit(`${origin}${pathname}`, callback, init)
}

test('oidcc-ensure-post-request-succeeds', async () => {
  const browser = cookieBrowser()
  const answer = tested.answerOf(await tested.submit(browser, await post(browser)))
  expect((await tested.exchange(answer)).status).toBe(200)
})

test('a request posted from a page of the suite finds the session', async () => {
  const { browser } = await tested.signInWith()
  const page = await post(browser, { prompt: 'none' })
  expect(tested.answerOf(page).searchParams.get('code')).toBeTruthy()
})

test('the session cookie is SameSite=None and Secure over https, since other sites post requests', async () => {
  const { browser } = await tested.signInWith()
  expect(browser.cookie('__Host-uup_session')).toBeTruthy()
  const answer = await browser.request(tested.request({ prompt: 'none' }))
  for (const line of answer.headers.getSetCookie().filter((each) => each.includes('uup_session')))
    expect(line).toMatch(/samesite=none; secure/i)
})
