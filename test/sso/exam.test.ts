import { calculatePKCECodeChallenge } from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { examBesideProvider } from '../support/exam.ts'
import { candidate, clientId } from '../support/small-provider.ts'

let exam: Awaited<ReturnType<typeof examBesideProvider>>
beforeEach(async () => {
  exam = await examBesideProvider()
})
afterEach(() => exam.stop())

const cookie = 'exam_session'
const signIn = async () => {
  const browser = cookieBrowser()
  await browser.visit(`${exam.baseUrl}/login`)
  return browser
}
const isSignedIn = async (browser: ReturnType<typeof cookieBrowser>) =>
  (await browser.visit(`${exam.baseUrl}/`)).text.includes('您已登录')

test('the home page has the links of the login page in the guide', async () => {
  const { text, response } = await cookieBrowser().visit(`${exam.baseUrl}/`)
  const links = [...text.matchAll(/<a href="([^"]+)">([^<]+)<\/a>/g)].map(([, to, name]) => [
    name,
    to,
  ])
  expect(text).toMatch(/<button[^>]*>登录<\/button>/)
  expect(links).toEqual([
    ['立即注册', '/register'],
    ['忘记用户名？', `${exam.platform.issuer}/recover/username?system=${clientId}`],
    ['忘记密码？', `${exam.platform.issuer}/recover/password?system=${clientId}`],
    ['用户信息维护', `${exam.platform.issuer}/account?system=${clientId}`],
  ])
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('a candidate signs in and sees their masked data', async () => {
  const browser = cookieBrowser()
  const { path, text } = await browser.visit(`${exam.baseUrl}/login`)
  expect(path.at(-1)?.href).toBe(`${exam.baseUrl}/`)
  const seen = text.replace(/<details>.*<\/details>/s, '')
  for (const fact of [candidate.name, '居民身份证', '110***********002X', '138****0000'])
    expect(seen).toContain(fact)
  expect(seen).toContain(candidate.sub)
  expect(seen).not.toContain(candidate.id_number)
  expect(seen).not.toContain('13800000000')
  expect(text).toContain('phone_number_verified')
  expect(exam.lines).toEqual([])
})

test('the login uses the code flow with a new PKCE challenge, state and nonce each time', async () => {
  const browser = cookieBrowser()
  const requestedParams = async () => {
    const { path } = await browser.visit(`${exam.baseUrl}/login`, exam.platform.issuer)
    return Object.fromEntries(path.at(-1)?.searchParams ?? [])
  }
  const [first, second] = [await requestedParams(), await requestedParams()]
  expect(first).toEqual({
    client_id: 'exam',
    response_type: 'code',
    redirect_uri: `${exam.baseUrl}/callback`,
    scope: 'openid profile phone identity verified_identity',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  })
  for (const once of ['state', 'nonce', 'code_challenge'] as const)
    expect(second[once]).not.toBe(first[once])
  expect(await calculatePKCECodeChallenge(String(first['state']))).not.toBe(first['code_challenge'])
})

test('立即注册 sends prompt=create, and the new user is signed in', async () => {
  const browser = cookieBrowser()
  const { path, text } = await browser.visit(`${exam.baseUrl}/register`)
  expect(path[1]?.searchParams.get('prompt')).toBe('create')
  expect(text).toContain('您已登录')
})

test('the English page passes its language on to the platform', async () => {
  const browser = cookieBrowser()
  const { text } = await browser.visit(`${exam.baseUrl}/?lang=en`)
  expect(text).toContain('<html lang="en" ')
  expect(text).toContain(`${exam.platform.issuer}/recover/username?lang=en`)
  const { path } = await browser.visit(`${exam.baseUrl}/login`)
  expect(path[1]?.searchParams.get('ui_locales')).toBe('en')
})

test('the language switch does not redirect to another host', async () => {
  const { path } = await cookieBrowser().visit(`${exam.baseUrl}//evil.test/?lang=en`)
  expect(path.at(-1)?.href).toBe(`${exam.baseUrl}/`)
})

test('the session cookie is HttpOnly and changes at each sign-in', async () => {
  const browser = cookieBrowser()
  const loginStarted = await browser.request(`${exam.baseUrl}/login`)
  expect(loginStarted.headers.getSetCookie().join()).toMatch(
    /^exam_session=[\w-]{43}; path=\/; samesite=lax; httponly$/i,
  )
  const before = browser.cookie(cookie)
  await browser.visit(String(loginStarted.headers.get('location')))
  const after = browser.cookie(cookie)
  expect(after).not.toBe(before)
  expect(await isSignedIn(browser)).toBe(true)
  browser.setCookie(cookie, String(before))
  expect(await isSignedIn(browser)).toBe(false)
})

test('a session ends after 30 idle minutes but not while it is used', async () => {
  const browser = await signIn()
  exam.clock.now += 29 * 60_000
  expect(await isSignedIn(browser)).toBe(true)
  exam.clock.now += 29 * 60_000
  expect(await isSignedIn(browser)).toBe(true)
  exam.clock.now += 30 * 60_000
  expect(await isSignedIn(browser)).toBe(false)
})

test('two tabs can sign in concurrently', async () => {
  const browser = cookieBrowser()
  const tabs = [
    await browser.visit(`${exam.baseUrl}/login`, exam.platform.issuer),
    await browser.visit(`${exam.baseUrl}/login`, exam.platform.issuer),
  ]
  for (const { path } of tabs) {
    const { response, text } = await browser.visit(String(path.at(-1)))
    expect([response.status, text.includes('您已登录')]).toEqual([200, true])
  }
})

test('the newest ten pending logins of a browser are kept', async () => {
  const browser = cookieBrowser()
  const loginStarted: string[] = []
  for (let tab = 0; tab < 11; tab++) {
    const { path } = await browser.visit(`${exam.baseUrl}/login`, exam.platform.issuer)
    loginStarted.push(String(path.at(-1)))
  }
  const statuses: number[] = []
  for (const address of [loginStarted[0], loginStarted[1], loginStarted[10]])
    statuses.push((await browser.visit(String(address))).response.status)
  expect(statuses).toEqual([400, 200, 200])
})

describe('退出登录', () => {
  test('ends the local session and goes on to the platform, which leads back', async () => {
    const browser = await signIn()
    const before = String(browser.cookie(cookie))
    const { path } = await browser.visit(`${exam.baseUrl}/logout`, exam.platform.issuer, {
      method: 'POST',
    })
    const end = path.at(-1)
    expect(end?.pathname).toBe('/session/end')
    expect(end?.searchParams.get('id_token_hint')).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+$/)
    expect(end?.searchParams.get('post_logout_redirect_uri')).toBe(`${exam.baseUrl}/signed-out`)
    expect(browser.cookie(cookie)).toBeUndefined()
    browser.setCookie(cookie, before)
    expect(await isSignedIn(browser)).toBe(false)
    const confirm = await browser.visit(String(end))
    expect(confirm.response.status).toBe(200)
    const { text } = await browser.visit(`${exam.baseUrl}/signed-out`)
    expect(text).toContain('您已退出登录')
  })

  test('is done at once for somebody who is not signed in', async () => {
    const init = { method: 'POST' }
    const { text } = await cookieBrowser().visit(`${exam.baseUrl}/logout`, undefined, init)
    expect(text).toContain('您已退出登录')
  })

  test('is refused for a form from another port of localhost', async () => {
    const browser = await signIn()
    const init = { method: 'POST', headers: { origin: exam.platform.issuer } }
    const { response } = await browser.visit(`${exam.baseUrl}/logout`, undefined, init)
    expect(response.status).toBe(403)
    expect(await isSignedIn(browser)).toBe(true)
  })
})

test('requests to 127.0.0.1 are redirected to localhost, except the health check', async () => {
  const other = exam.baseUrl.replace('localhost', '127.0.0.1')
  const { path } = await cookieBrowser().visit(`${other}/?a=b`)
  expect(path.at(-1)?.href).toBe(`${exam.baseUrl}/?a=b`)
  const health = await fetch(`${other}/health`)
  expect(await health.json()).toEqual({ status: 'ok' })
})

test('an unknown page links to the home page', async () => {
  const { response, text } = await cookieBrowser().visit(`${exam.baseUrl}/nothing`)
  expect(response.status).toBe(404)
  expect(text).toContain('没有这个页面')
  expect(text).toContain('<a href="/">返回首页</a>')
})
