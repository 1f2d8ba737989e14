import { acr } from '../../config/acr.ts'
import { cookieBrowser, type Visit } from '../support/cookie-browser.ts'
import { digits } from '../support/people.ts'
import {
  answerOf,
  type Browser,
  type ClientId,
  callback,
  credentials,
  hidden,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform(undefined, 1, { LIMITS_SCALE: '10000' })
})
afterAll(() => platform.close())

/** Somebody who is signed in at a browser of their own. */
async function signedIn() {
  const who = await somebody()
  const { ask } = await relyingParty(platform.issuer)
  await signIn(who.browser, (await ask()).url, who.typed)
  return who
}
type Who = Awaited<ReturnType<typeof somebody>>

async function somebody(
  browser: Browser = cookieBrowser(),
  different: Parameters<SsoPlatform['register']>[0] = {},
) {
  const username = `user${digits(8)}`
  const phone = `13${digits(9)}`
  const document = { type: 'passport', number: `E${digits(8)}` } as const
  const sub = await platform.register({ username, phone: `+86${phone}`, document, ...different })
  return { sub, username, phone, typed: { ...credentials, username }, browser }
}

async function asking(who: Who, params: Record<string, string>, id: ClientId = 'exam') {
  const { ask } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask(params)
  return { page: await who.browser.visit(url, callback), tokens }
}

async function signOut({ browser }: Who): Promise<void> {
  const bye = await browser.visit(`${platform.issuer}/session/end`)
  const body = new URLSearchParams({ xsrf: hidden(bye.text, 'xsrf'), logout: 'yes' })
  await browser.visit(`${platform.issuer}/session/end/confirm`, undefined, { method: 'POST', body })
}

/** How a session ends while one of its pages is open. */
const ends: Readonly<Record<string, (who: Who) => Promise<void>>> = {
  'signed out in another tab': signOut,
  'ended from another device': async ({ sub }) => {
    for (const { uid } of await platform.sessions.sessionsOf(sub))
      await platform.sessions.endSession(sub, String(uid))
  },
  'idle for too long': async () => {
    const { redis, keyPrefix } = platform.stores
    for (const key of await redis.keys(`${keyPrefix}oidc.Session*`)) await redis.unlink(key)
  },
  'without its cookie': async ({ browser }) => {
    browser.setCookie('uup_session', '')
    browser.setCookie('uup_session.sig', '')
  },
}

const isLogin = ({ text }: Visit) => text.includes('id="password"')
const isAgreement = ({ text }: Visit) => text.includes('name="shown"')
const isConsent = ({ text }: Visit) => text.includes('<h1>授权</h1>')

describe.each(Object.entries(ends))('a page whose session was %s', (_, end) => {
  test.each([
    ['prompt=login', { prompt: 'login' }, {}],
    ['max_age=0', { max_age: '0' }, { maxAge: 0 }],
  ])('login with %s: the right data lead on, in a new session', async (_, params, checks) => {
    const who = await signedIn()
    const { page, tokens } = await asking(who, params)
    expect(isLogin(page)).toBe(true)
    await end(who)
    const got = await tokens(answerOf(await submit(who.browser, page, who.typed)), checks)
    expect(got.claims()?.sub).toBe(who.sub)
    const { page: silent } = await asking(who, { prompt: 'none' })
    expect(answerOf(silent).searchParams.get('code')).toBeTruthy()
  })

  test.each(['pressed', 'reloaded'])('授权, %s: asks who is there, then again', async (how) => {
    const who = await signedIn()
    const { page, tokens } = await asking(who, { scope: 'openid profile' }, 'shop')
    expect(isConsent(page)).toBe(true)
    await end(who)
    const login =
      how === 'pressed'
        ? await submit(who.browser, page, {})
        : await who.browser.visit(String(page.path.at(-1)))
    expect([login.response.status, isLogin(login)]).toEqual([200, true])
    const again = await submit(who.browser, login, who.typed)
    expect(isConsent(again)).toBe(true)
    const got = await tokens(answerOf(await submit(who.browser, again, {})))
    expect(got.claims()?.sub).toBe(who.sub)
  })

  test('验证身份: asks who is there, then again', async () => {
    const who = await signedIn()
    const { page, tokens } = await asking(who, { acr_values: acr.sms })
    const sent = await submit(who.browser, page, { action: 'send' })
    const smsCode = await platform.codeFor(who.phone)
    await end(who)
    const login = await submit(who.browser, sent, { smsCode })
    expect([login.response.status, isLogin(login)]).toEqual([200, true])
    const again = await submit(who.browser, login, who.typed)
    expect(again.text).toContain('<h1>验证身份</h1>')
    const anew = await submit(who.browser, again, { action: 'send' })
    const lifted = await submit(who.browser, anew, { smsCode: await platform.codeFor(who.phone) })
    const got = await tokens(answerOf(lifted))
    expect(got.claims()).toMatchObject({ sub: who.sub, acr: acr.sms })
  })

  test('用户协议: asks who is there, then again', async () => {
    const who = await somebody(cookieBrowser(), { agreement: undefined })
    const { page, tokens } = await asking(who, {})
    const asked = await submit(who.browser, page, who.typed)
    expect(isAgreement(asked)).toBe(true)
    await end(who)
    const login = await submit(who.browser, asked, {})
    expect([login.response.status, isLogin(login)]).toEqual([200, true])
    const again = await submit(who.browser, login, who.typed)
    expect(isAgreement(again)).toBe(true)
    const shown = { shown: hidden(again.text, 'shown') }
    const got = await tokens(answerOf(await submit(who.browser, again, shown)))
    expect(got.claims()?.sub).toBe(who.sub)
  })

  test('退出登录: it is done', async () => {
    const who = await signedIn()
    const bye = await who.browser.visit(`${platform.issuer}/session/end`)
    await end(who)
    const body = new URLSearchParams({ xsrf: hidden(bye.text, 'xsrf'), logout: 'yes' })
    const confirm = `${platform.issuer}/session/end/confirm`
    const headers = { accept: 'text/html' }
    const done = await who.browser.visit(confirm, undefined, { method: 'POST', body, headers })
    expect([done.response.status, done.text]).toEqual([200, expect.stringContaining('已退出登录')])
  })

  test('选择账户: becomes a login', async () => {
    const who = await signedIn()
    const { page, tokens } = await asking(who, { prompt: 'select_account' })
    await end(who)
    const login = await submit(who.browser, page, { action: 'same' })
    expect([login.response.status, isLogin(login)]).toEqual([200, true])
    const got = await tokens(answerOf(await submit(who.browser, login, who.typed)))
    expect(got.claims()?.sub).toBe(who.sub)
  })
})

test('of a sign-in that ended nothing is left: the password that came before 授权 is typed again', async () => {
  const who = await somebody()
  const { page } = await asking(who, { scope: 'openid profile' }, 'shop')
  const consent = await submit(who.browser, page, who.typed)
  expect(isConsent(consent)).toBe(true)
  await signOut(who)
  expect(isLogin(await submit(who.browser, consent, {}))).toBe(true)
})

test('who signs in again in another tab goes on with 授权 at once', async () => {
  const who = await signedIn()
  const { page, tokens } = await asking(who, { scope: 'openid profile' }, 'shop')
  await signOut(who)
  const { page: login } = await asking(who, {})
  answerOf(await submit(who.browser, login, who.typed))
  const got = await tokens(answerOf(await submit(who.browser, page, {})))
  expect(got.claims()?.sub).toBe(who.sub)
})

describe('another person who signed in meanwhile', () => {
  async function anotherSignsIn(who: Who) {
    const another = await somebody(who.browser)
    await signOut(who)
    const { page } = await asking(another, {})
    answerOf(await submit(who.browser, page, another.typed))
    return another
  }

  test('is asked whether they mean to go on, and agrees for themself', async () => {
    const who = await signedIn()
    const { page, tokens } = await asking(who, { scope: 'openid profile' }, 'shop')
    const another = await anotherSignsIn(who)
    const choice = await submit(who.browser, page, {})
    expect(choice.text).toContain('<h1>选择账户</h1>')
    expect(choice.text).toContain(another.username)
    expect(choice.text).not.toContain(who.username)
    const own = await submit(who.browser, choice, { action: 'same' })
    expect(isConsent(own)).toBe(true)
    const got = await tokens(answerOf(await submit(who.browser, own, {})))
    expect(got.claims()?.sub).toBe(another.sub)
    // The first person has agreed to nothing.
    await signOut(who)
    const { page: login } = await asking(who, { scope: 'openid profile' }, 'shop')
    expect(isConsent(await submit(who.browser, login, who.typed))).toBe(true)
  })

  test('may let the first one sign in again', async () => {
    const who = await signedIn()
    const { page, tokens } = await asking(who, { acr_values: acr.sms })
    await anotherSignsIn(who)
    const choice = await submit(who.browser, page, { action: 'send' })
    expect(choice.text).toContain('<h1>选择账户</h1>')
    const login = await submit(who.browser, choice, { action: 'other' })
    const leaving = await submit(who.browser, login, who.typed)
    const form = new URLSearchParams({ xsrf: hidden(leaving.text, 'xsrf'), logout: 'yes' })
    const confirm = `${platform.issuer}/session/end/confirm`
    const lift = await who.browser.visit(confirm, callback, { method: 'POST', body: form })
    expect(lift.text).toContain('<h1>验证身份</h1>')
    const sent = await submit(who.browser, lift, { action: 'send' })
    const done = await submit(who.browser, sent, { smsCode: await platform.codeFor(who.phone) })
    expect((await tokens(answerOf(done))).claims()?.sub).toBe(who.sub)
  })
})

test('another browser stays refused, also with the session of the person', async () => {
  const who = await signedIn()
  const { page } = await asking(who, { scope: 'openid profile' }, 'shop')
  const thief = await signedIn()
  for (const name of ['uup_session', 'uup_session.sig'])
    thief.browser.setCookie(name, String(who.browser.cookie(name)))
  const seen = await thief.browser.visit(String(page.path.at(-1)))
  expect(seen.response.status).toBe(403)
  const pressed = await submit(thief.browser, page, {})
  expect(pressed.response.status).toBe(403)
  expect(pressed.text).toContain('属于另一个浏览器')
})

describe('a browser that keeps no cookies is told so', () => {
  const follow = async (address: string, init?: RequestInit) => {
    let response = await fetch(address, { redirect: 'manual', ...init })
    let at = address
    for (let location = response.headers.get('location'); location; ) {
      at = new URL(location, at).href
      response = await fetch(at, { redirect: 'manual' })
      location = response.headers.get('location')
    }
    return { at, status: response.status, text: await response.text() }
  }
  const expectCookies = ({ status, text }: { status: number; text: string }, expected = 403) => {
    expect(text).toContain('请允许浏览器使用 Cookie (cookies)')
    expect(text).not.toContain('过期')
    expect(status).toBe(expected)
  }

  test('at the login', async () => {
    const { ask } = await relyingParty(platform.issuer)
    const { url } = await ask()
    expectCookies(await follow(url))
    const english = await follow(`${url}&ui_locales=en`)
    expect(english.status).toBe(403)
    const page = await cookieBrowser().visit(url)
    const address = String(page.path.at(-1))
    const body = new URLSearchParams({ ...credentials, token: hidden(page.text, 'token') })
    expectCookies(await follow(address, { method: 'POST', body }))
    const resume = address.replace('/interaction/', '/auth/')
    expectCookies(await follow(resume), 400)
  })

  test('in every flow, and below /account', async () => {
    for (const path of ['/register', '/register/organisation', '/recover/username']) {
      const page = await follow(platform.issuer + path)
      expectCookies(page)
      const form = new URLSearchParams({ action: 'next' })
      expectCookies(await follow(`${page.at}/login`, { method: 'POST', body: form }))
    }
    expectCookies(await follow(`${platform.issuer}/account`))
  })

  test('where a device’s code is typed', async () => {
    const form = new URLSearchParams({ user_code: 'AAAA-BBBB', xsrf: 'of no session' })
    const page = await follow(`${platform.issuer}/device`, { method: 'POST', body: form })
    expectCookies(page, 422)
  })
})
