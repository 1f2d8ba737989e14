import { processClock } from '../support/clock.ts'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  answerOf,
  type Browser,
  callback,
  credentials,
  hidden,
  person,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

const { turn, restore } = processClock()
let platform: SsoPlatform
let sub: string
beforeAll(async () => {
  platform = await ssoPlatform()
  sub = await platform.register()
})
afterAll(async () => {
  await platform.close()
  restore()
})

/** The login page of a new request. */
async function loginPage(browser: Browser, params: Record<string, string> = {}) {
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask(params)
  return { page: await browser.visit(url), tokens }
}

/** Opens the login page, submits it with these fields and returns the answer. */
async function attempt(browser: Browser, typed: Record<string, string>) {
  const { page } = await loginPage(browser)
  return submit(browser, page, { ...credentials, ...typed })
}

describe('the login page', () => {
  test('has the fields, buttons and links of the guide', async () => {
    const { page } = await loginPage(cookieBrowser())
    const { text, response } = page
    expect(response.status).toBe(200)
    for (const label of ['用户名', '密码', '验证码']) expect(text).toMatch(`>${label}</label>`)
    for (const button of ['登录', '换一张', '听验证码']) expect(text).toMatch(`>${button}</button>`)
    for (const link of ['立即注册', '忘记用户名？', '忘记密码？', '用户信息维护'])
      expect(text).toMatch(`>${link}</a>`)
    expect(text).toContain('正在登录：考生服务系统')
    // The login has a single step, so that it shows no stepper.
    expect(text).not.toMatch(/aria-current|stepper/)
    const uid = page.path.at(-1)?.pathname.split('/').at(-1)
    expect(text).toContain(`href="/register?interaction=${uid}"`)
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('fills in the username from login_hint and takes the language from ui_locales', async () => {
    const hinted = { login_hint: '<Li.Ming>', ui_locales: 'fr en-GB zh' }
    const { page } = await loginPage(cookieBrowser(), hinted)
    expect(page.text).toContain('value="&lt;Li.Ming&gt;"')
    expect(page.text).toMatch('>Username</label>')
    const { page: chinese } = await loginPage(cookieBrowser(), { ui_locales: 'zh-TW' })
    expect(chinese.text).toMatch('>用户名</label>')
  })

  test('shows another captcha after 换一张 and keeps the username but not the password', async () => {
    const browser = cookieBrowser()
    const { page } = await loginPage(browser)
    const other = await submit(browser, page, { ...credentials, action: 'captcha' })
    expect(other.response.status).toBe(200)
    expect(hidden(other.text, 'captchaId')).not.toBe(hidden(page.text, 'captchaId'))
    expect(other.text).toContain(`value="${person.username}"`)
    expect(other.text).not.toContain(credentials.password)
  })

  test('offers the sound of the same captcha after 听验证码', async () => {
    const browser = cookieBrowser()
    const { page } = await loginPage(browser)
    const withSound = await submit(browser, page, { ...credentials, action: 'listen' })
    const id = hidden(page.text, 'captchaId')
    expect(hidden(withSound.text, 'captchaId')).toBe(id)
    expect(withSound.text).toContain(`src="/captcha/${id}.wav"`)
    expect(
      answerOf(await submit(browser, withSound, credentials)).searchParams.get('code'),
    ).toBeTruthy()
  })
})

describe('a login attempt', () => {
  test('with an unknown username shows the same message as one with a wrong password', async () => {
    const sentence = '用户名或密码不正确，请核对后重新输入'
    const wrong = await attempt(cookieBrowser(), { password: 'not the password' })
    const unknownName = await attempt(cookieBrowser(), { username: 'nobody-here' })
    for (const page of [wrong, unknownName]) {
      expect(page.response.status).toBe(422)
      expect(page.text).toContain(sentence)
    }
    const neutral = (text: string) =>
      text.replace(/nobody-here|Zhang\.San/g, 'NAME').replace(/[\w-]{20,}/g, 'ID')
    expect(neutral(unknownName.text)).toBe(neutral(wrong.text))
  })

  test('accepts the username regardless of case', async () => {
    const page = await attempt(cookieBrowser(), { username: 'zhang.SAN' })
    expect(answerOf(page).searchParams.get('code')).toBeTruthy()
  })

  test('requires a new captcha each time, whether it fails or not', async () => {
    const browser = cookieBrowser()
    const { page } = await loginPage(browser)
    const wrong = await submit(browser, page, { ...credentials, captcha: 'zzzz' })
    expect(wrong.response.status).toBe(422)
    expect(wrong.text).toContain('图中的数字不正确或已过期')
    expect(hidden(wrong.text, 'captchaId')).not.toBe(hidden(page.text, 'captchaId'))
    expect((await submit(browser, page, credentials)).response.status).toBe(422)
    const answered = await submit(browser, wrong, { ...credentials, password: 'wrong' })
    expect(answered.text).toContain('用户名或密码不正确')
    expect((await submit(browser, wrong, credentials)).text).toContain('图中的数字不正确或已过期')
  })

  test.each([
    ['username', ''],
    ['username', 'x'.repeat(20_000)],
    ['username', 'Zhang\u0000San'],
    ['password', ''],
    ['password', 'x'.repeat(20_000)],
    ['captcha', ''],
  ])('without a valid %s is refused beside the field', async (field, value) => {
    const page = await attempt(cookieBrowser(), { [field]: value })
    expect(page.response.status).toBe(422)
    expect(page.text).toContain(`id="${field}-fault"`)
  })

  test.each([
    ['doubled fields', 'username=a&username=b'],
    ['nested fields', 'username[a]=b'],
    ['another charset', 'username=%C0%AF'],
  ])('with %s is refused', async (_, body) => {
    const browser = cookieBrowser()
    const { page } = await loginPage(browser)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const init = { method: 'POST', headers, body: `${body}&token=${hidden(page.text, 'token')}` }
    const { response } = await browser.visit(String(page.path.at(-1)), undefined, init)
    expect([400, 422]).toContain(response.status)
  })

  test('without the forgery token of its page is refused', async () => {
    const browser = cookieBrowser()
    const { page } = await loginPage(browser)
    const body = new URLSearchParams({ ...credentials, captchaId: hidden(page.text, 'captchaId') })
    const { response } = await browser.visit(String(page.path.at(-1)), undefined, {
      method: 'POST',
      body,
    })
    expect(response.status).toBe(403)
  })
})

describe('the limits of login attempts', () => {
  const wrong = { password: 'wrong' }

  test('make a username wait after five wrong passwords, whether it exists or not, and longer each time', async () => {
    const other = await ssoPlatform()
    try {
      await other.register()
      for (const username of [person.username, 'nobody-here']) {
        const { ask } = await relyingParty(other.issuer)
        const tries = async (browser: Browser, typed = wrong) =>
          submit(browser, await browser.visit((await ask()).url), {
            ...credentials,
            username,
            ...typed,
          })
        for (let n = 0; n < 4; n += 1)
          expect((await tries(cookieBrowser())).response.status).toBe(422)
        // The fifth failure already announces the wait.
        for (let n = 0; n < 2; n += 1) {
          const waits = await tries(cookieBrowser())
          expect(waits.response.status).toBe(429)
          expect(Number(waits.response.headers.get('retry-after'))).toBeLessThanOrEqual(60)
          expect(waits.text).toMatch(
            /多次输入不正确。为保护账户，请在 \d+ 秒后再登录，或点击“忘记密码？”/,
          )
        }
        // The right password waits as well.
        const right = await tries(cookieBrowser(), { password: credentials.password })
        expect(right.response.status).toBe(429)
        other.turn(61)
        const longer = await tries(cookieBrowser())
        expect(longer.response.status).toBe(429)
        expect(Number(longer.response.headers.get('retry-after'))).toBeGreaterThan(60)
      }
    } finally {
      await other.close()
    }
  })

  test('do not lock the owner out of a remembered device because of attempts elsewhere', async () => {
    const owner = cookieBrowser()
    await attempt(owner, {})
    for (let n = 0; n < 6; n += 1) await attempt(cookieBrowser(), wrong)
    expect((await attempt(cookieBrowser(), {})).response.status).toBe(429)
    // The browser has a session, so that `prompt=login` is needed for another login.
    const again = async (typed: Record<string, string>) => {
      const { page } = await loginPage(owner, { prompt: 'login' })
      return submit(owner, page, { ...credentials, ...typed })
    }
    expect(answerOf(await again({})).searchParams.get('code')).toBeTruthy()
    for (let n = 0; n < 4; n += 1) expect((await again(wrong)).response.status).toBe(422)
    for (const typed of [wrong, {}]) expect((await again(typed)).response.status).toBe(429)
    platform.turn(3600)
  })

  test('do not accept the cookie of a remembered device from another browser', async () => {
    const [owner, otherBrowser] = [cookieBrowser(), cookieBrowser()]
    await attempt(owner, {})
    otherBrowser.setCookie('known', String(owner.cookie('known')))
    for (let n = 0; n < 5; n += 1) await attempt(cookieBrowser(), wrong)
    expect((await attempt(otherBrowser, {})).response.status).toBe(429)
    platform.turn(3600)
  })

  test('admit five of 20 concurrent attempts', async () => {
    const username = 'racing-name'
    const pages = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const browser = cookieBrowser()
        return { browser, page: (await loginPage(browser)).page }
      }),
    )
    const audit = platform.stores.mongodb.collection('audit')
    const failed = async (detail: string) =>
      audit.countDocuments({ what: 'sign-in-failed', detail })
    const before = [await failed('password'), await failed('wait')] as const
    const answers = await Promise.all(
      pages.map(({ browser, page }) => submit(browser, page, { ...credentials, username })),
    )
    expect(answers.filter(({ response }) => response.status === 429).length).toBeGreaterThan(15)
    expect(await failed('password')).toBe(before[0] + 5)
    expect(await failed('wait')).toBe(before[1] + 15)
  })

  test('make an IP address wait that exceeds its allowance', async () => {
    const other = await ssoPlatform((usual) => ({
      ...usual,
      login: { ...usual.login, perAddress: { ...usual.login.perAddress, count: 1, most: 3 } },
    }))
    try {
      const { ask } = await relyingParty(other.issuer)
      const statuses: number[] = []
      for (let n = 0; n < 4; n += 1) {
        const browser = cookieBrowser()
        const page = await browser.visit((await ask()).url)
        const username = `somebody-${n}`
        statuses.push((await submit(browser, page, { ...credentials, username })).response.status)
      }
      expect(statuses).toEqual([422, 422, 422, 429])
    } finally {
      await other.close()
    }
  })
})

describe('取消', () => {
  test('returns access_denied to the client without a captcha and is recorded in the audit log', async () => {
    const browser = cookieBrowser()
    const { page, tokens } = await loginPage(browser)
    const buttons = [...page.text.matchAll(/<button[^>]*value="(\w+)"[^>]*>/g)]
    expect(buttons[0]?.[1]).toBe('next')
    expect(buttons.find(([, value]) => value === 'cancel')?.[0]).toContain('formnovalidate')
    const answer = answerOf(await submit(browser, page, { action: 'cancel' }))
    await expect(tokens(answer)).rejects.toMatchObject({ error: 'access_denied' })
    const { mongodb } = platform.stores
    const event = await mongodb.collection('audit').findOne({ what: 'sign-in-cancelled' })
    expect(event).toMatchObject({ clientId: 'exam' })
    // The authorization request has ended.
    expect((await submit(browser, page, credentials)).response.status).toBe(410)
  })

  test('at the account login leads to the home page', async () => {
    const browser = cookieBrowser()
    const page = await browser.visit(`${platform.issuer}/account`)
    const left = await submit(browser, page, { action: 'cancel' })
    expect([left.response.status, left.path.at(-1)?.pathname]).toEqual([200, '/'])
  })

  test('keeps an existing session', async () => {
    const browser = cookieBrowser()
    const { ask } = await relyingParty(platform.issuer)
    await signIn(browser, (await ask()).url)
    const again = await browser.visit((await ask({ prompt: 'login' })).url)
    const answer = answerOf(await submit(browser, again, { action: 'cancel' }))
    expect(answer.searchParams.get('error')).toBe('access_denied')
    const silent = await browser.visit((await ask({ prompt: 'none' })).url, callback)
    expect(answerOf(silent).searchParams.get('code')).toBeTruthy()
  })
})

describe('an interaction', () => {
  test('of another browser is refused', async () => {
    const { page } = await loginPage(cookieBrowser())
    const address = String(page.path.at(-1))
    const { response, text } = await cookieBrowser().visit(address)
    expect(response.status).toBe(403)
    expect(text).toContain('属于另一个浏览器')
    expect(text).toContain('href="https://rp.test/"')
  })

  test('that never existed is answered with a link to the account', async () => {
    const { response, text } = await cookieBrowser().visit(
      `${platform.issuer}/interaction/${'x'.repeat(43)}`,
    )
    expect(response.status).toBe(410)
    expect(text).toContain('已过期')
    expect(text).toContain('href="/account"')
  })

  test('that is finished is explained with a link to the client', async () => {
    const browser = cookieBrowser()
    const { page } = await loginPage(browser)
    answerOf(await submit(browser, page, credentials))
    for (const again of [
      await browser.visit(String(page.path.at(-1))),
      await submit(browser, page, credentials),
    ]) {
      expect(again.response.status).toBe(410)
      expect(again.text).toContain('返回考生服务系统')
    }
  })

  test('that has expired can not be resumed', async () => {
    const { response, text } = await cookieBrowser().visit(
      `${platform.issuer}/auth/${'x'.repeat(43)}`,
    )
    expect(response.status).toBe(400)
    expect(text).toContain('请从您要使用的业务系统重新进入')
  })
})

test('the session of an erased account is ignored', async () => {
  const username = 'Wang.Wu'
  const id = await platform.register({ username, document: { type: 'passport', number: 'E2' } })
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  await signIn(browser, (await ask()).url, { ...credentials, username })
  const closingSince = Date.now()
  await platform.accounts.change({ id, version: 1 }, { closingSince }, 'the closing')
  expect(await platform.accounts.erase(id, closingSince)).toBe(true)
  const page = await browser.visit((await ask()).url)
  expect(page.text).toContain('id="password"')
})

describe('prompt, max_age and id_token_hint', () => {
  test('prompt=none returns login_required without a session and a code with one', async () => {
    const { ask } = await relyingParty(platform.issuer)
    const browser = cookieBrowser()
    const silent = async () =>
      answerOf(await browser.visit((await ask({ prompt: 'none' })).url, 'https://rp.test/callback'))
        .searchParams
    expect((await silent()).get('error')).toBe('login_required')
    await signIn(browser, (await ask()).url)
    expect((await silent()).get('code')).toBeTruthy()
  })

  test('a second client needs no second login, unless it sends prompt=login', async () => {
    const browser = cookieBrowser()
    const exam = await relyingParty(platform.issuer)
    const narrow = await relyingParty(platform.issuer, 'narrow')
    await signIn(browser, (await exam.ask()).url)
    const { url, tokens } = await narrow.ask()
    const answer = answerOf(await browser.visit(url, 'https://rp.test/callback'))
    expect((await tokens(answer)).claims()?.sub).toBe(sub)
    const { page } = await loginPage(browser, { prompt: 'login' })
    expect(page.text).toContain('id="password"')
    const again = answerOf(await submit(browser, page, credentials))
    expect(again.searchParams.get('code')).toBeTruthy()
  })

  test('prompt=create opens the registration once, and a login instead completes the request', async () => {
    const { ask } = await relyingParty(platform.issuer)
    const { url, tokens } = await ask({ prompt: 'create' })
    const browser = cookieBrowser()
    const register = `${platform.issuer}/register`
    const { path } = await browser.visit(url, register)
    const opened = path.at(-1)
    const uid = opened?.searchParams.get('interaction')
    expect(opened?.pathname).toBe('/register')
    const page = await browser.visit(`${platform.issuer}/interaction/${uid}`)
    expect(page.text).toContain('id="password"')
    const answer = answerOf(await submit(browser, page, credentials))
    expect((await tokens(answer)).claims()?.sub).toBe(sub)
  })

  test('prompt=create opens the registration also with a session', async () => {
    const { ask } = await relyingParty(platform.issuer)
    const browser = cookieBrowser()
    await signIn(browser, (await ask()).url)
    const { url } = await ask({ prompt: 'create' })
    const { path } = await browser.visit(url, `${platform.issuer}/register`)
    expect(path.at(-1)?.pathname).toBe('/register')
  })

  test('max_age asks for the password when the login is older, and auth_time is the new login', async () => {
    const { ask } = await relyingParty(platform.issuer)
    const browser = cookieBrowser()
    await signIn(browser, (await ask()).url)
    const { url: young } = await ask({ max_age: '600' })
    answerOf(await browser.visit(young, 'https://rp.test/callback'))
    const { page } = await loginPage(browser, { max_age: '0' })
    expect(page.text).toContain('id="password"')
    turn(101)
    const turned = Math.floor(Date.now() / 1000)
    const { url, tokens } = await ask({ max_age: '100' })
    const old = await browser.visit(url)
    expect(old.text).toContain('id="password"')
    const got = await tokens(answerOf(await submit(browser, old, credentials)), { maxAge: 100 })
    expect(got.claims()?.auth_time).toBeGreaterThanOrEqual(turned)
  })

  test('id_token_hint of another account asks for a login to that account', async () => {
    const { ask } = await relyingParty(platform.issuer)
    const username = 'Li.Si'
    await platform.register({ username })
    const otherLogin = await ask()
    const hint = await otherLogin.tokens(
      await signIn(cookieBrowser(), otherLogin.url, { ...credentials, username }),
    )
    const browser = cookieBrowser()
    await signIn(browser, (await ask()).url)
    const hinted = { id_token_hint: String(hint.id_token) }
    const { url } = await ask({ ...hinted, prompt: 'none' })
    const silent = answerOf(await browser.visit(url, 'https://rp.test/callback'))
    expect(silent.searchParams.get('error')).toBe('login_required')
    const { page, tokens } = await loginPage(browser, hinted)
    const wrong = await submit(browser, page, credentials)
    expect(wrong.text).toContain('考生服务系统要求使用先前登录的账户')
    const right = await submit(browser, wrong, { ...credentials, username })
    // The old account is signed out first by a page that submits itself.
    const form = new URLSearchParams([
      ['xsrf', hidden(right.text, 'xsrf')],
      ['logout', 'yes'],
    ])
    const confirm = `${platform.issuer}/session/end/confirm`
    const answer = answerOf(
      await browser.visit(confirm, 'https://rp.test/callback', { method: 'POST', body: form }),
    )
    expect((await tokens(answer)).claims()?.sub).toBe(hint.claims()?.sub)
  })
})

test('the audit log records logins and failures without personal data', async () => {
  await attempt(cookieBrowser(), {})
  await attempt(cookieBrowser(), { password: 'wrong' })
  await attempt(cookieBrowser(), { username: 'nobody-here' })
  const records = await platform.stores.mongodb.collection('audit').find().toArray()
  expect(records).toContainEqual(
    expect.objectContaining({ what: 'signed-in', accountId: sub, clientId: 'exam' }),
  )
  const failed = expect.objectContaining({ what: 'sign-in-failed', accountId: sub })
  expect(records).toContainEqual(failed)
  expect(records).toContainEqual(expect.objectContaining({ what: 'sign-in-failed' }))
  const dump = JSON.stringify(records)
  for (const word of [person.username, 'nobody-here', '127.0.0.1', person.name])
    expect(dump).not.toContain(word)
})

test('a login changes the id of the session', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  await signIn(browser, (await ask()).url)
  const before = browser.cookie('uup_session')
  const { page } = await loginPage(browser, { prompt: 'login' })
  answerOf(await submit(browser, page, credentials))
  const after = browser.cookie('uup_session')
  expect(before).toBeTruthy()
  expect(after).toBeTruthy()
  expect(after).not.toBe(before)
})
