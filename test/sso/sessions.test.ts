import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { testPlatform } from '../support/platform.ts'
import { expireNow } from '../support/stores.ts'
import {
  answerOf,
  type Browser,
  clients,
  hidden,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
} from './platform.ts'

const callback = 'https://rp.test/callback'
const hour = 3600
const day = 24 * hour
const invalidGrant = { error: 'invalid_grant' }

let platform: SsoPlatform
/** Restarts the platform for tests that need the present time. */
async function start() {
  await platform?.close()
  platform = await ssoPlatform()
  await platform.register()
}
beforeAll(() => start())
afterAll(() => platform.close())

/** Signs in with offline access and returns the tokens with the browser. */
async function signInOffline(browser = cookieBrowser()) {
  const { config, ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask({ scope: 'openid offline_access profile', prompt: 'consent' })
  const got = await tokens(await signIn(browser, url))
  return { browser, config, ask, got, refresh: String(got.refresh_token) }
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  const { ask } = await relyingParty(platform.issuer)
  const { path } = await browser.visit((await ask({ prompt: 'none' })).url, callback)
  return path.at(-1)?.searchParams.has('code') ?? false
}

async function signOut(browser: Browser, params: Record<string, string> = {}, decide = 'yes') {
  const query = new URLSearchParams(params)
  const page = await browser.visit(`${platform.issuer}/session/end?${query}`)
  const body = new URLSearchParams({ xsrf: hidden(page.text, 'xsrf') })
  if (decide) body.set('logout', decide)
  const confirm = `${platform.issuer}/session/end/confirm`
  const lastPage = await browser.visit(confirm, 'https://rp.test/', { method: 'POST', body })
  return { page, lastPage }
}

describe('refresh tokens', () => {
  test('live as long as they are used, but at most 90 days', async () => {
    await start()
    const { config, refresh } = await signInOffline()
    let latest = refresh
    for (let days = 13; days < 90; days += 13) {
      platform.turn(13 * day)
      latest = String((await oidc.refreshTokenGrant(config, latest)).refresh_token)
    }
    platform.turn(13 * day)
    await expect(oidc.refreshTokenGrant(config, latest)).rejects.toMatchObject(invalidGrant)
  })

  test('end after 14 days without use', async () => {
    await start()
    const { config, refresh } = await signInOffline()
    platform.turn(14 * day)
    await expect(oidc.refreshTokenGrant(config, refresh)).rejects.toMatchObject(invalidGrant)
  })

  test('can be used for fewer scopes but not for more', async () => {
    const { config, refresh } = await signInOffline()
    const less = await oidc.refreshTokenGrant(config, refresh, { scope: 'openid' })
    expect(less.scope).toBe('openid')
    const more = oidc.refreshTokenGrant(config, String(less.refresh_token), {
      scope: 'openid phone',
    })
    await expect(more).rejects.toMatchObject({ error: 'invalid_scope' })
  })
})

describe('a session', () => {
  /** The remaining lifetime of the only session in seconds. */
  async function remainingLifetime(): Promise<number> {
    const { redis, keyPrefix } = platform.stores
    const [key = '', ...more] = await redis.keys(`${keyPrefix}oidc.Session:*`)
    expect(more).toEqual([])
    return (await redis.pttl(key)) / 1000
  }

  test('lasts 30 minutes from its last use and at most 12 hours', async () => {
    await start()
    const { ask } = await relyingParty(platform.issuer)
    const browser = cookieBrowser()
    await signIn(browser, (await ask()).url)
    expect(await remainingLifetime()).toBeGreaterThan(29 * 60)
    expect(await remainingLifetime()).toBeLessThanOrEqual(30 * 60)
    platform.turn(11 * hour)
    expect(await isSignedIn(browser)).toBe(true)
    expect(await remainingLifetime()).toBeGreaterThan(29 * 60)
    platform.turn(50 * 60)
    expect(await isSignedIn(browser)).toBe(true)
    expect(await remainingLifetime()).toBeLessThanOrEqual(10 * 60)
  })

  test('ends together with its access tokens without offline access', async () => {
    await start()
    const { ask, config } = await relyingParty(platform.issuer)
    const browser = cookieBrowser()
    const { url, tokens } = await ask()
    const got = await tokens(await signIn(browser, url))
    await expireNow(platform.stores, 'oidc.Session:*')
    expect(await isSignedIn(browser)).toBe(false)
    const userinfo = oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck)
    await expect(userinfo).rejects.toMatchObject({ status: 401 })
  })

  test('has an HttpOnly cookie that ends with the browser', async () => {
    await start()
    const { ask } = await relyingParty(platform.issuer)
    const browser = cookieBrowser()
    await signIn(browser, (await ask()).url)
    const response = await browser.request((await ask({ prompt: 'none' })).url)
    const line = response.headers.getSetCookie().find((each) => each.startsWith('uup_session='))
    expect(line).toMatch(/; httponly/i)
    expect(line).toMatch(/; samesite=lax/i)
    expect(line).not.toMatch(/expires|max-age/i)
  })
})

test('over https, cookies are bound to this host, and the session cookie is sent with forms of other sites', async () => {
  const issuer = 'https://platform.test'
  const behindProxy = await testPlatform({ env: { ISSUER: issuer }, clients: [clients.exam] })
  try {
    const at = (path: string) => fetch(`${behindProxy.issuer}${path}`, { redirect: 'manual' })
    const { ask } = await relyingParty(platform.issuer)
    const { search } = new URL((await ask()).url)
    const interactionStarted = await at(`/auth${search}`)
    expect(interactionStarted.status).toBe(303)
    const cookie = (response: Response, name: string) =>
      response.headers.getSetCookie().find((line) => line.startsWith(`${name}=`))
    const interaction = cookie(interactionStarted, '__Secure-uup_interaction')
    expect(interaction).toMatch(/; path=\/interaction\/[\w-]+;.*; samesite=lax; secure; httponly/i)
    const session = cookie(await at('/session/end'), '__Host-uup_session')
    expect(session).toMatch(/; path=\/; samesite=none; secure; httponly/i)
    expect(session).not.toMatch(/domain/i)
  } finally {
    await behindProxy.close()
  }
})

describe('signing out', () => {
  test('asks, ends session and tokens, and leads back to the client', async () => {
    const { config, ask } = await relyingParty(platform.issuer)
    const browser = cookieBrowser()
    const { url, tokens } = await ask()
    const got = await tokens(await signIn(browser, url))
    const { searchParams } = oidc.buildEndSessionUrl(config, {
      id_token_hint: String(got.id_token),
      post_logout_redirect_uri: 'https://rp.test/bye',
      state: 'somewhere',
    })
    const { page, lastPage } = await signOut(browser, Object.fromEntries(searchParams))
    expect(page.text).toContain('<h1>退出登录</h1>')
    // Never "cookies", which would clear those of the whole registrable domain.
    const cleared = browser.answers().flatMap((each) => each.get('Clear-Site-Data') ?? [])
    expect(cleared).toEqual(['"cache", "storage"'])
    expect(lastPage.path.at(-1)?.href).toBe('https://rp.test/bye?state=somewhere')
    expect(await isSignedIn(browser)).toBe(false)
    const userinfo = oidc.fetchUserInfo(config, got.access_token, oidc.skipSubjectCheck)
    await expect(userinfo).rejects.toMatchObject({ status: 401 })
  })

  test('does not redirect to an unregistered URI', async () => {
    const { browser, got } = await signInOffline()
    const query = new URLSearchParams({
      id_token_hint: String(got.id_token),
      post_logout_redirect_uri: 'https://evil.test/',
    })
    const { response, text } = await browser.visit(`${platform.issuer}/session/end?${query}`)
    expect(response.status).toBe(400)
    expect(text).not.toContain('href="https://evil.test')
    expect(await isSignedIn(browser)).toBe(true)
  })

  test('without a client ends on our page, and declining it keeps the session', async () => {
    const { browser } = await signInOffline()
    const { lastPage } = await signOut(browser, {}, '')
    expect(lastPage.text).toContain('<h1>仍保持登录</h1>')
    expect(await isSignedIn(browser)).toBe(true)
    const gone = await signOut(browser)
    expect(gone.lastPage.text).toContain('<h1>已退出登录</h1>')
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('in one browser does not affect other browsers and refresh tokens', async () => {
    const [one, other] = [await signInOffline(), await signInOffline()]
    await signOut(one.browser)
    expect(await isSignedIn(other.browser)).toBe(true)
    await oidc.refreshTokenGrant(other.config, other.refresh)
    await oidc.refreshTokenGrant(one.config, one.refresh)
  })

  test('no redirect of a sign-in, a flow or a sign-out may be cached', async () => {
    const browser = cookieBrowser()
    const { ask } = await relyingParty(platform.issuer)
    await browser.visit(`${platform.issuer}/account?system=exam`)
    await browser.visit(`${platform.issuer}/register?lang=en`)
    await browser.visit(`${platform.issuer}/.well-known/change-password`)
    await browser.visit((await ask({ prompt: 'create' })).url, callback)
    await signIn(browser, (await ask()).url)
    await signOut(browser)
    const redirects = browser.answers().filter((each) => each.has('Location'))
    expect(redirects.length).toBeGreaterThan(10)
    for (const headers of redirects) expect(headers.get('Cache-Control')).toBe('no-store')
  })

  test('by a form of another site is refused', async () => {
    const { browser } = await signInOffline()
    const { response } = await browser.visit(`${platform.issuer}/session/end/confirm`, undefined, {
      method: 'POST',
      body: new URLSearchParams({ xsrf: 'guessed', logout: 'yes' }),
    })
    expect(response.status).toBe(400)
    expect(await isSignedIn(browser)).toBe(true)
  })
})

test('a restart keeps keys, sessions, codes and tokens', async () => {
  await start()
  const { browser, config, refresh, ask } = await signInOffline()
  const { url, tokens } = await ask()
  const answer = answerOf(await browser.visit(url, callback))
  const jwks = async () => (await fetch(String(config.serverMetadata().jwks_uri))).text()
  const before = await jwks()
  await platform.restart()
  expect(await jwks()).toBe(before)
  expect(await isSignedIn(browser)).toBe(true)
  expect((await tokens(answer)).access_token).toBeTruthy()
  expect((await oidc.refreshTokenGrant(config, refresh)).access_token).toBeTruthy()
})

test('a dump of both stores contains no token, code, cookie or personal data', async () => {
  const browser = cookieBrowser()
  const { config, ask } = await relyingParty(platform.issuer)
  const login_hint = 'hinted-somebody'
  const interactionStarted = await cookieBrowser().visit((await ask({ login_hint })).url)
  const { got, refresh } = await signInOffline(browser)
  const { url } = await ask({ scope: 'openid profile phone identity' })
  const answer = answerOf(await browser.visit(url, callback))
  const { redis, mongodb, keyPrefix } = platform.stores
  const keys = await redis.keys(`${keyPrefix}*`)
  const values = await Promise.all(keys.map((key) => redis.get(key).catch(() => '')))
  const collections = await mongodb.listCollections()
  const documents = await Promise.all(
    collections.map(({ name }) => mongodb.collection(name).find().toArray()),
  )
  const dump = JSON.stringify([keys, values, documents])
  const used = [
    login_hint,
    interactionStarted.path.at(-1)?.pathname.split('/').at(-1),
    browser.cookie('uup_session'),
    answer.searchParams.get('code'),
    got.access_token,
    refresh,
    config.clientMetadata().client_secret,
    'Zhang.San',
    '𠮷田·阿卜杜拉',
    '11010519491231002X',
    '13800000000',
  ]
  expect(dump).toContain('oidc.Session')
  for (const word of used) {
    expect(word).toBeTruthy()
    expect(dump).not.toContain(word)
  }
})
