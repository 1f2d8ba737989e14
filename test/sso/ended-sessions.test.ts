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

/** A person who is signed in in their own browser. */
async function signedIn() {
  const person = await newPerson()
  const { ask } = await relyingParty(platform.issuer)
  await signIn(person.browser, (await ask()).url, person.typed)
  return person
}
type Person = Awaited<ReturnType<typeof newPerson>>

async function newPerson(
  browser: Browser = cookieBrowser(),
  different: Parameters<SsoPlatform['register']>[0] = {},
) {
  const username = `user${digits(8)}`
  const phone = `13${digits(9)}`
  const document = { type: 'passport', number: `E${digits(8)}` } as const
  const sub = await platform.register({ username, phone: `+86${phone}`, document, ...different })
  return { sub, username, phone, typed: { ...credentials, username }, browser }
}

async function request(person: Person, params: Record<string, string>, id: ClientId = 'exam') {
  const { ask } = await relyingParty(platform.issuer, id)
  const { url, tokens } = await ask(params)
  return { page: await person.browser.visit(url, callback), tokens }
}

async function signOut({ browser }: Person): Promise<void> {
  const bye = await browser.visit(`${platform.issuer}/session/end`)
  const body = new URLSearchParams({ xsrf: hidden(bye.text, 'xsrf'), logout: 'yes' })
  await browser.visit(`${platform.issuer}/session/end/confirm`, undefined, { method: 'POST', body })
}

/** The ways in which a session ends while one of its pages is open. */
const waysToEnd: Readonly<Record<string, (person: Person) => Promise<void>>> = {
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

describe.each(Object.entries(waysToEnd))('a page whose session was %s', (_, end) => {
  test.each([
    ['prompt=login', { prompt: 'login' }, {}],
    ['max_age=0', { max_age: '0' }, { maxAge: 0 }],
  ])('login with %s: the right password leads on in a new session', async (_, params, checks) => {
    const person = await signedIn()
    const { page, tokens } = await request(person, params)
    expect(isLogin(page)).toBe(true)
    await end(person)
    const got = await tokens(answerOf(await submit(person.browser, page, person.typed)), checks)
    expect(got.claims()?.sub).toBe(person.sub)
    const { page: silent } = await request(person, { prompt: 'none' })
    expect(answerOf(silent).searchParams.get('code')).toBeTruthy()
  })

  test.each(['submitted', 'reloaded'])(
    '授权 %s: the login comes first, then the page again',
    async (how) => {
      const person = await signedIn()
      const { page, tokens } = await request(person, { scope: 'openid profile' }, 'shop')
      expect(isConsent(page)).toBe(true)
      await end(person)
      const login =
        how === 'submitted'
          ? await submit(person.browser, page, {})
          : await person.browser.visit(String(page.path.at(-1)))
      expect([login.response.status, isLogin(login)]).toEqual([200, true])
      const again = await submit(person.browser, login, person.typed)
      expect(isConsent(again)).toBe(true)
      const got = await tokens(answerOf(await submit(person.browser, again, {})))
      expect(got.claims()?.sub).toBe(person.sub)
    },
  )

  test('验证身份: the login comes first, then the page again', async () => {
    const person = await signedIn()
    const { page, tokens } = await request(person, { acr_values: acr.sms })
    const sent = await submit(person.browser, page, { action: 'send' })
    const smsCode = await platform.codeFor(person.phone)
    await end(person)
    const login = await submit(person.browser, sent, { smsCode })
    expect([login.response.status, isLogin(login)]).toEqual([200, true])
    const again = await submit(person.browser, login, person.typed)
    expect(again.text).toContain('<h1>验证身份</h1>')
    const sentAgain = await submit(person.browser, again, { action: 'send' })
    const lifted = await submit(person.browser, sentAgain, {
      smsCode: await platform.codeFor(person.phone),
    })
    const got = await tokens(answerOf(lifted))
    expect(got.claims()).toMatchObject({ sub: person.sub, acr: acr.sms })
  })

  test('用户协议: the login comes first, then the page again', async () => {
    const person = await newPerson(cookieBrowser(), { agreement: undefined })
    const { page, tokens } = await request(person, {})
    const agreementPage = await submit(person.browser, page, person.typed)
    expect(isAgreement(agreementPage)).toBe(true)
    await end(person)
    const login = await submit(person.browser, agreementPage, {})
    expect([login.response.status, isLogin(login)]).toEqual([200, true])
    const again = await submit(person.browser, login, person.typed)
    expect(isAgreement(again)).toBe(true)
    const shown = { shown: hidden(again.text, 'shown') }
    const got = await tokens(answerOf(await submit(person.browser, again, shown)))
    expect(got.claims()?.sub).toBe(person.sub)
  })

  test('退出登录: the page says that it is done', async () => {
    const person = await signedIn()
    const bye = await person.browser.visit(`${platform.issuer}/session/end`)
    await end(person)
    const body = new URLSearchParams({ xsrf: hidden(bye.text, 'xsrf'), logout: 'yes' })
    const confirm = `${platform.issuer}/session/end/confirm`
    const headers = { accept: 'text/html' }
    const done = await person.browser.visit(confirm, undefined, { method: 'POST', body, headers })
    expect([done.response.status, done.text]).toEqual([200, expect.stringContaining('已退出登录')])
  })

  test('选择账户: the login follows', async () => {
    const person = await signedIn()
    const { page, tokens } = await request(person, { prompt: 'select_account' })
    await end(person)
    const login = await submit(person.browser, page, { action: 'same' })
    expect([login.response.status, isLogin(login)]).toEqual([200, true])
    const got = await tokens(answerOf(await submit(person.browser, login, person.typed)))
    expect(got.claims()?.sub).toBe(person.sub)
  })
})

test('after the end of a session, the password that was typed before 授权 has to be typed again', async () => {
  const person = await newPerson()
  const { page } = await request(person, { scope: 'openid profile' }, 'shop')
  const consent = await submit(person.browser, page, person.typed)
  expect(isConsent(consent)).toBe(true)
  await signOut(person)
  expect(isLogin(await submit(person.browser, consent, {}))).toBe(true)
})

test('a person who signs in again in another tab can go on with 授权 at once', async () => {
  const person = await signedIn()
  const { page, tokens } = await request(person, { scope: 'openid profile' }, 'shop')
  await signOut(person)
  const { page: login } = await request(person, {})
  answerOf(await submit(person.browser, login, person.typed))
  const got = await tokens(answerOf(await submit(person.browser, page, {})))
  expect(got.claims()?.sub).toBe(person.sub)
})

describe('another person who has signed in in the same browser', () => {
  async function anotherSignsIn(person: Person) {
    const another = await newPerson(person.browser)
    await signOut(person)
    const { page } = await request(another, {})
    answerOf(await submit(person.browser, page, another.typed))
    return another
  }

  test('is asked whether to continue, and consents for their own account', async () => {
    const person = await signedIn()
    const { page, tokens } = await request(person, { scope: 'openid profile' }, 'shop')
    const another = await anotherSignsIn(person)
    const choice = await submit(person.browser, page, {})
    expect(choice.text).toContain('<h1>选择账户</h1>')
    expect(choice.text).toContain(another.username)
    expect(choice.text).not.toContain(person.username)
    const own = await submit(person.browser, choice, { action: 'same' })
    expect(isConsent(own)).toBe(true)
    const got = await tokens(answerOf(await submit(person.browser, own, {})))
    expect(got.claims()?.sub).toBe(another.sub)
    // The first person has not given consent.
    await signOut(person)
    const { page: login } = await request(person, { scope: 'openid profile' }, 'shop')
    expect(isConsent(await submit(person.browser, login, person.typed))).toBe(true)
  })

  test('can let the first person sign in again', async () => {
    const person = await signedIn()
    const { page, tokens } = await request(person, { acr_values: acr.sms })
    await anotherSignsIn(person)
    const choice = await submit(person.browser, page, { action: 'send' })
    expect(choice.text).toContain('<h1>选择账户</h1>')
    const login = await submit(person.browser, choice, { action: 'other' })
    const leaving = await submit(person.browser, login, person.typed)
    const form = new URLSearchParams({ xsrf: hidden(leaving.text, 'xsrf'), logout: 'yes' })
    const confirm = `${platform.issuer}/session/end/confirm`
    const lift = await person.browser.visit(confirm, callback, { method: 'POST', body: form })
    expect(lift.text).toContain('<h1>验证身份</h1>')
    const sent = await submit(person.browser, lift, { action: 'send' })
    const done = await submit(person.browser, sent, {
      smsCode: await platform.codeFor(person.phone),
    })
    expect((await tokens(answerOf(done))).claims()?.sub).toBe(person.sub)
  })
})

test('another browser is refused even with the session cookie of the person', async () => {
  const person = await signedIn()
  const { page } = await request(person, { scope: 'openid profile' }, 'shop')
  const otherPerson = await signedIn()
  for (const name of ['uup_session', 'uup_session.sig'])
    otherPerson.browser.setCookie(name, String(person.browser.cookie(name)))
  const reloaded = await otherPerson.browser.visit(String(page.path.at(-1)))
  expect(reloaded.response.status).toBe(403)
  const pressed = await submit(otherPerson.browser, page, {})
  expect(pressed.response.status).toBe(403)
  expect(pressed.text).toContain('属于另一个浏览器')
})

describe('a browser without cookies is told to allow them', () => {
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
  const expectCookieNotice = (
    { status, text }: { status: number; text: string },
    expected = 403,
  ) => {
    expect(text).toContain('请允许浏览器使用 Cookie (cookies)')
    expect(text).not.toContain('过期')
    expect(status).toBe(expected)
  }

  test('at the login', async () => {
    const { ask } = await relyingParty(platform.issuer)
    const { url } = await ask()
    expectCookieNotice(await follow(url))
    const english = await follow(`${url}&ui_locales=en`)
    expect(english.status).toBe(403)
    const page = await cookieBrowser().visit(url)
    const address = String(page.path.at(-1))
    const body = new URLSearchParams({ ...credentials, token: hidden(page.text, 'token') })
    expectCookieNotice(await follow(address, { method: 'POST', body }))
    const resume = address.replace('/interaction/', '/auth/')
    expectCookieNotice(await follow(resume), 400)
  })

  test('in every flow, and below /account', async () => {
    for (const path of ['/register', '/register/organisation', '/recover/username']) {
      const page = await follow(platform.issuer + path)
      expectCookieNotice(page)
      const form = new URLSearchParams({ action: 'next' })
      expectCookieNotice(await follow(`${page.at}/login`, { method: 'POST', body: form }))
    }
    expectCookieNotice(await follow(`${platform.issuer}/account`))
  })

  test('at the page for the code of a device', async () => {
    const form = new URLSearchParams({ user_code: 'AAAA-BBBB', xsrf: 'of no session' })
    const page = await follow(`${platform.issuer}/device`, { method: 'POST', body: form })
    expectCookieNotice(page, 422)
  })
})
