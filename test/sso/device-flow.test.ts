import * as oidc from 'openid-client'
import {
  type cookieBrowser as Browsing,
  cookieBrowser,
  type Visit,
} from '../support/cookie-browser.ts'
import { fixedAnswer } from '../support/platform.ts'
import { clients, credentials, hidden, type SsoPlatform, ssoPlatform, submit } from './platform.ts'

const television = {
  client_id: 'television',
  client_name: '客厅电视',
  token_endpoint_auth_method: 'none',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
  scope: 'openid offline_access profile',
}

let platform: SsoPlatform
let sub: string
beforeAll(async () => {
  // A small allowance keeps the number of guesses in this test low.
  const smallAllowance = { count: 3, most: 6, window: 3600, times: { network: 10, site: 30 } }
  platform = await ssoPlatform((usual) => ({
    ...usual,
    userCode: { perAddress: smallAllowance } as unknown as (typeof usual)['userCode'],
  }))
  await platform.restartWith([...Object.values(clients), television])
  sub = await platform.register()
})
afterAll(() => platform.close())

type Browser = ReturnType<typeof Browsing>

const device = () =>
  oidc.discovery(new URL(platform.issuer), television.client_id, undefined, oidc.None(), {
    execute: [oidc.allowInsecureRequests],
  })

async function startDeviceFlow(params: Record<string, string> = {}) {
  const config = await device()
  const authorization = await oidc.initiateDeviceAuthorization(config, {
    scope: 'openid profile',
    ...params,
  })
  const poll = () => {
    const body = new URLSearchParams({
      client_id: television.client_id,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: authorization.device_code,
    })
    return fetch(`${platform.issuer}/token`, { method: 'POST', body }).then(
      (response) => response.json() as Promise<Record<string, string>>,
    )
  }
  return { ...authorization, poll, config }
}

/** Submits a form of `/device`. */
function send(browser: Browser, page: Visit, fields: Record<string, string>) {
  const body = new URLSearchParams({ xsrf: hidden(page.text, 'xsrf'), ...fields })
  return browser.visit(`${platform.issuer}/device`, undefined, { method: 'POST', body })
}

const typing = async (browser: Browser, code: string, more: Record<string, string> = {}) =>
  send(browser, await browser.visit(`${platform.issuer}/device`), { user_code: code, ...more })

async function login(browser: Browser, page: Visit): Promise<Visit> {
  return page.text.includes('id="username"')
    ? login(browser, await submit(browser, page, credentials))
    : page
}

/** Goes from typing the code through login and consent to the last page. */
async function allow(browser: Browser, code: string): Promise<Visit> {
  const page = await typing(browser, code)
  const nextPage = await send(browser, page, { user_code: code, confirm: 'yes' })
  const consent = await login(browser, nextPage)
  return consent.text.includes('value="next"') ? submit(browser, consent, {}) : consent
}

test('a person signs in on a television with the code that it shows', async () => {
  const { user_code: code, poll, config, ...authorization } = await startDeviceFlow()
  expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
  expect(authorization.verification_uri).toBe(`${platform.issuer}/device`)
  expect(authorization.expires_in).toBe(600)
  expect((await poll())['error']).toBe('authorization_pending')

  const browser = cookieBrowser()
  const forgiven = ` ${code.replace('-', ' ').toLowerCase()} `
  const wide = code.replace(/./g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))
  expect((await typing(browser, `\u200e${wide}\u202c`)).text).toContain(`>${code}<`)
  const page = await typing(browser, forgiven)
  expect(page.text).toContain('核对设备')
  expect(page.text).toContain(`>${code}<`)
  expect(page.text).toContain('客厅电视')
  const end = await allow(browser, code)
  expect(end.text).toContain('设备登录成功')

  const got = await oidc.pollDeviceAuthorizationGrant(config, { ...authorization, user_code: code })
  expect(got.claims()?.sub).toBe(sub)
  const again = await poll()
  expect(again['error']).toBe('invalid_grant')
  // A device code that is used twice was stolen, so that its tokens are revoked (RFC 9700, 4.5.2).
  const userinfo = oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck)
  await expect(userinfo).rejects.toMatchObject({ status: 401 })
})

test('a person who scans the code is still asked to compare it', async () => {
  const { verification_uri_complete: address = '', user_code: code } = await startDeviceFlow()
  const browser = cookieBrowser()
  const page = await browser.visit(address)
  expect(page.text).toContain('method="post"')
  const nextPage = await send(browser, page, { user_code: hidden(page.text, 'user_code') })
  expect(nextPage.text).toContain('核对设备')
  expect(nextPage.text).toContain(code)
})

test('cancelling returns access_denied to the device', async () => {
  const { user_code: code, poll } = await startDeviceFlow()
  const browser = cookieBrowser()
  const page = await typing(browser, code)
  const end = await send(browser, page, { user_code: code, abort: 'yes' })
  expect(end.text).toContain('设备没有登录您的账户')
  expect((await poll())['error']).toBe('access_denied')
  expect((await typing(browser, code)).text).toContain('此代码已使用过')
})

test('cancelling at the login returns access_denied to the device', async () => {
  const { user_code: code, poll } = await startDeviceFlow()
  const browser = cookieBrowser()
  const page = await typing(browser, code)
  const signIn = await send(browser, page, { user_code: code, confirm: 'yes' })
  const end = await submit(browser, signIn, { action: 'cancel' })
  expect(end.text).toContain('设备没有登录您的账户')
  expect((await poll())['error']).toBe('access_denied')
})

test('declining the consent returns access_denied to the device', async () => {
  const { user_code: code, poll } = await startDeviceFlow()
  const browser = cookieBrowser()
  const page = await typing(browser, code)
  const consent = await login(
    browser,
    await send(browser, page, { user_code: code, confirm: 'yes' }),
  )
  const end = await submit(browser, consent, { action: 'refuse' })
  expect(end.text).toContain('设备没有登录您的账户')
  expect((await poll())['error']).toBe('access_denied')
})

test('a form from another browser or without a code is refused with an explanation', async () => {
  const { user_code: code, poll } = await startDeviceFlow()
  const [own, other] = [cookieBrowser(), cookieBrowser()]
  const page = await own.visit(`${platform.issuer}/device`)
  await other.visit(`${platform.issuer}/device`)
  const forged = await send(other, page, { user_code: code, confirm: 'yes' })
  expect(forged.response.status).toBe(422)
  expect(forged.text).toContain('请重新输入设备代码')
  expect((await typing(own, '')).text).toContain('请输入设备代码')
  // This browser has no session, as after its expiry.
  const withoutSession = cookieBrowser()
  const explanation = await send(withoutSession, page, { user_code: code, confirm: 'yes' })
  expect(explanation.response.status).toBe(422)
  expect(explanation.text).toContain('请重新输入设备代码')
  expect((await withoutSession.visit(`${platform.issuer}/device/made-up`)).text).toContain(
    '请重新输入设备代码',
  )
  expect((await poll())['error']).toBe('authorization_pending')
  expect((await allow(withoutSession, code)).text).toContain('设备登录成功')
})

test('a device may request only the scopes of its metadata, and its code is worthless to another client', async () => {
  await expect(startDeviceFlow({ scope: 'openid identity' })).rejects.toMatchObject({
    error: 'invalid_scope',
  })
  const { device_code: code } = await startDeviceFlow()
  const body = new URLSearchParams({
    client_id: 'page',
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: code,
  })
  const response = await fetch(`${platform.issuer}/token`, { method: 'POST', body })
  expect([response.status, await response.json()]).toMatchObject([400, {}])
  const exam = await fetch(`${platform.issuer}/device/auth`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'page', scope: 'openid' }),
  })
  expect(exam.status).toBe(400)
})

test('a device that polls too often receives slow_down while the person has not decided', async () => {
  const { user_code: code, poll } = await startDeviceFlow()
  const explanation = await Promise.all(Array.from({ length: 5 }, poll))
  expect(explanation.map(({ error }) => error).toSorted()).toEqual([
    'authorization_pending',
    ...Array(4).fill('slow_down'),
  ])
  // The interval is counted for each device code separately.
  expect((await (await startDeviceFlow()).poll())['error']).toBe('authorization_pending')
  platform.turn(5)
  expect((await poll())['error']).toBe('authorization_pending')
  const another = await fetch(`${platform.issuer}/token`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: television.client_id,
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: 'made up',
    }),
  })
  expect(await another.json()).toMatchObject({ error: 'invalid_grant' })
  await allow(cookieBrowser(), code)
  expect(await poll()).toHaveProperty('access_token')
})

describe('guessing user codes', () => {
  const guess = (browser: Browser, more: Record<string, string> = {}) =>
    typing(browser, 'BBBBBBBB', more)

  test('requires a captcha after three guesses and a long wait after six', async () => {
    const { user_code: code } = await startDeviceFlow()
    const browser = cookieBrowser()
    for (let n = 0; n < 3; n += 1) expect((await guess(browser)).text).toContain('没有这个代码')
    const nextPage = await guess(browser)
    expect(nextPage.text).toContain('请先输入图中的数字再继续')
    expect(nextPage.text).toContain('name="captchaId"')

    // Even the right code is refused without the captcha, also when it is confirmed at once.
    for (const more of [{}, { confirm: 'yes' }])
      expect((await typing(browser, code, more)).text).toContain('请先输入图中的数字再继续')
    const wrong = await send(browser, nextPage, {
      user_code: code,
      captchaId: hidden(nextPage.text, 'captchaId'),
      captcha: 'nope',
    })
    expect(wrong.text).toContain('验证码')
    expect(wrong.text).not.toContain('核对设备')
    const page = await browser.visit(`${platform.issuer}/device`)
    const solved = () => ({ captchaId: hidden(page.text, 'captchaId'), captcha: fixedAnswer })
    const right = await send(browser, page, { user_code: code, ...solved() })
    expect(right.text).toContain('核对设备')
    const confirmed = await send(browser, right, { user_code: code, confirm: 'yes' })
    expect(confirmed.text).toContain('id="username"')

    for (let n = 3; n < 6; n += 1) {
      const open = await browser.visit(`${platform.issuer}/device`)
      const answered = { captchaId: hidden(open.text, 'captchaId'), captcha: fixedAnswer }
      const explanation = await send(browser, open, { user_code: 'BBBBBBBB', ...answered })
      expect(explanation.text).toContain('没有这个代码')
    }
    const last = await browser.visit(`${platform.issuer}/device`)
    const answered = { captchaId: hidden(last.text, 'captchaId'), captcha: fixedAnswer }
    const ended = await send(browser, last, { user_code: code, ...answered })
    expect(ended.response.status).toBe(429)
    expect(Number(ended.response.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
