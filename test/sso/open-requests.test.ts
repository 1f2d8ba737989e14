import { randomBytes } from 'node:crypto'
import * as cheerio from 'cheerio'
import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer } from '../support/platform.ts'
import { register } from '../support/registering.ts'
import {
  answerOf,
  relyingParty,
  relyingPartyWith,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

const captcha = 3
const most = 6
let platform: SsoPlatform
const initialToken = randomBytes(24).toString('base64url')
beforeEach(async () => {
  platform = await ssoPlatform(
    (usual) => ({
      ...usual,
      openRequests: { ...usual.openRequests, captcha, most },
      openFlows: { most },
      selfRegistration: { perAddress: { count: 2, window: 3600 } },
      repeatedEvents: { count: 2, window: 3600 },
    }),
    1,
    { INITIAL_ACCESS_TOKEN: initialToken },
  )
})
afterEach(() => platform.close())

/** Begins an authorization request in a new browser. */
async function begin(params: Record<string, string> = {}) {
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  return { browser, page: await browser.visit((await ask(params)).url) }
}

async function beginMany(count: number) {
  for (let each = 0; each < count; each += 1) expect((await begin()).page.response.status).toBe(200)
}

const post = (browser: ReturnType<typeof cookieBrowser>, fields: Record<string, string>) =>
  browser.visit(`${platform.issuer}/auth`, undefined, {
    method: 'POST',
    body: new URLSearchParams(fields),
  })

/** All hidden fields of the page's form. */
function fieldsOf(html: string): Record<string, string> {
  const $ = cheerio.load(html)
  return Object.fromEntries(
    $('form input[type=hidden]')
      .toArray()
      .map((field) => [$(field).attr('name') ?? '', $(field).attr('value') ?? '']),
  )
}

/** Presses the button of the header that posts the request again with this parameter. */
function pressSwitch(browser: ReturnType<typeof cookieBrowser>, html: string, param: string) {
  const $ = cheerio.load(html)
  const target = $(`.tools button[form=repeat][formaction$="${param}"]`).attr('formaction')
  if (!target) throw new Error(`no button for ${param}`)
  const fields = Object.fromEntries(
    $('#repeat input')
      .toArray()
      .map((field) => [$(field).attr('name') ?? '', $(field).attr('value') ?? '']),
  )
  return browser.visit(`${platform.issuer}/auth${target}`, undefined, {
    method: 'POST',
    body: new URLSearchParams(fields),
  })
}

const timesToLive = async () => {
  const { redis, keyPrefix } = platform.stores
  const keys = await redis.keys(`${keyPrefix}oidc.Interaction:*`)
  return Promise.all(keys.map((key) => redis.ttl(key)))
}

test('a request whose page nobody opened ends after ten minutes, an opened one after an hour', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url } = await ask()
  const unopened = await fetch(url, { redirect: 'manual' })
  expect(unopened.status).toBe(303)
  const [shorter = 0] = await timesToLive()
  expect(shorter).toBeGreaterThan(300)
  expect(shorter).toBeLessThanOrEqual(600)
  await begin()
  const [, longer = 0] = (await timesToLive()).toSorted((one, other) => one - other)
  expect(longer).toBeGreaterThan(3000)
})

test('above a number of open requests the next one needs a captcha, with which it goes on', async () => {
  await beginMany(captcha)
  const { browser, page } = await begin({ state: 'state of the client' })
  expect(page.response.status).toBe(429)
  expect(page.text).toContain('您所在的网络正在登录的人较多')
  const wrong = await post(browser, {
    ...fieldsOf(page.text),
    captcha: 'nope',
  })
  expect(wrong.response.status).toBe(429)
  expect(wrong.text).toContain('图中的数字不正确或已过期')
  const empty = await post(browser, { ...fieldsOf(wrong.text), captcha: '' })
  expect([empty.response.status, empty.text.includes('请输入图中的数字')]).toEqual([429, true])
  const login = await post(browser, {
    ...fieldsOf(wrong.text),
    captcha: fixedAnswer,
  })
  expect(login.response.status).toBe(200)
  expect(login.text).toContain('name="username"')
})

test('on the page of that captcha another language keeps the posted request', async () => {
  const { ask } = await relyingParty(platform.issuer)
  await beginMany(captcha)
  const { searchParams } = new URL((await ask({ state: 'state of the client' })).url)
  const browser = cookieBrowser()
  const page = await post(browser, Object.fromEntries(searchParams))
  expect(page.response.status).toBe(429)
  const english = await pressSwitch(browser, page.text, 'lang=en')
  expect([english.response.status, english.path.length]).toEqual([429, 1])
  expect(english.text).toContain('<html lang="en"')
  expect(english.text).not.toContain('role="alert"')
  const larger = await pressSwitch(browser, english.text, 'text=large')
  expect(larger.text).toContain('<html class="large" lang="en"')
  const login = await post(browser, { ...fieldsOf(larger.text), captcha: fixedAnswer })
  expect([login.response.status, login.path.at(-1)?.pathname]).toEqual([
    200,
    expect.stringContaining('/interaction/'),
  ])
  expect(login.text).toContain('name="username"')
})

test('the error page of a posted request stays the same in another language', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { searchParams } = new URL((await ask()).url)
  searchParams.set('client_id', 'nobody')
  const browser = cookieBrowser()
  const page = await post(browser, Object.fromEntries(searchParams))
  const english = await pressSwitch(browser, page.text, 'lang=en')
  expect(page.text).toContain('invalid_client')
  expect(english.text).toContain('<html lang="en"')
  expect(english.text).toContain('invalid_client')
})

test('a request whose page was opened is counted as long as it lives', async () => {
  await beginMany(captcha)
  platform.turn(1800)
  expect((await begin()).page.response.status).toBe(429)
  platform.turn(1900)
  expect((await begin()).page.response.status).toBe(200)
})

test('a signed-in person has a bound too, which no other person shares', async () => {
  await platform.register()
  const browser = cookieBrowser()
  const { ask } = await relyingParty(platform.issuer)
  await signIn(browser, (await ask()).url)
  const again = async () => (await browser.visit((await ask({ prompt: 'login' })).url)).response
  for (let each = 0; each < most; each += 1) expect((await again()).status).toBe(200)
  expect((await again()).status).toBe(429)
  expect((await begin()).page.response.status).toBe(200)
})

test('an address registers and changes only so many clients in an hour', async () => {
  const register = () =>
    fetch(`${platform.issuer}/reg`, {
      method: 'POST',
      headers: { authorization: `Bearer ${initialToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: '考生之家', redirect_uris: ['https://rp.example/cb'] }),
    })
  const answers = [await register(), await register(), await register()]
  expect(answers.map(({ status }) => status)).toEqual([201, 201, 429])
  expect(answers.map(({ headers }) => headers.get('retry-after'))).toEqual([null, null, '3600'])
  platform.turn(3600)
  expect((await register()).status).toBe(201)
})

test('a request that the person cancels is not counted any more, and few of its events are stored', async () => {
  for (let each = 0; each <= most; each += 1) {
    const { browser, page } = await begin()
    expect(page.response.status).toBe(200)
    const answer = await submit(browser, page, { action: 'cancel' })
    expect(answerOf(answer).searchParams.get('error')).toBe('access_denied')
  }
  const audit = platform.stores.mongodb.collection('audit')
  expect(await audit.countDocuments({ what: 'sign-in-cancelled' })).toBe(2)
  expect(platform.lines.filter((line) => line.includes('audit event over its bound'))).toHaveLength(
    most - 1,
  )
})

test('above many open requests the address has to wait, and a request without pages passes', async () => {
  const { ask } = await relyingParty(platform.issuer)
  for (let each = 0; each < most; each += 1) {
    const { browser, page } = await begin()
    if (page.response.status === 429)
      await post(browser, {
        ...fieldsOf(page.text),
        captcha: fixedAnswer,
      })
  }
  const { page } = await begin()
  expect([page.response.status, page.response.headers.get('retry-after')]).toEqual([429, '600'])
  expect(page.text).toContain('登录的人太多，请稍后再试')
  const silent = await fetch((await ask({ prompt: 'none' })).url, { redirect: 'manual' })
  expect(String(silent.headers.get('location'))).toContain('error=login_required')
})

test('pushed requests of an authenticated client are counted for the client', async () => {
  const { config } = await relyingParty(platform.issuer)
  const pushing = relyingPartyWith(config, (params) =>
    oidc.buildAuthorizationUrlWithPAR(config, params),
  )
  const push = () => pushing.ask()
  for (let each = 0; each < most; each += 1) await push()
  const refused = await push().catch((error: unknown) => error)
  expect(refused).toMatchObject({ status: 429, error: 'temporarily_unavailable' })
  const { response } = refused as oidc.ResponseBodyError
  expect(response.headers.get('retry-after')).toBe('600')
  // Nobody else waits for it.
  expect((await begin()).page.response.status).toBe(200)
})

test('parameters beyond the bounds are refused as invalid_request, however they are sent', async () => {
  const { config, ask } = await relyingParty(platform.issuer)
  const large = 'x'.repeat(4097)
  const claims = JSON.stringify({ userinfo: { name: { values: [large] } } })
  for (const params of [{ state: large }, { nonce: large }, { claims }]) {
    const { url } = await ask({ ...params, prompt: 'none' })
    const { origin, pathname, searchParams } = new URL(url)
    const answer = await fetch(origin + pathname, {
      method: 'POST',
      body: searchParams,
      redirect: 'manual',
    })
    expect(String(answer.headers.get('location'))).toContain('error=invalid_request')
    await expect(
      oidc.buildAuthorizationUrlWithPAR(config, Object.fromEntries(searchParams)),
    ).rejects.toMatchObject({ error: 'invalid_request' })
  }
  const { url } = await ask({ prompt: 'none' })
  const all = new URLSearchParams(new URL(url).search)
  for (let each = 0; each < 10; each += 1) all.append(`more${each}`, 'x'.repeat(2000))
  const answer = await fetch(`${platform.issuer}/auth?${all}`, { redirect: 'manual' })
  expect(String(answer.headers.get('location'))).toContain('error=invalid_request')
})

test('above many open flows the address has to wait before it begins another', async () => {
  const register = () => fetch(`${platform.issuer}/register`, { redirect: 'manual' })
  for (let each = 0; each < most; each += 1) expect((await register()).status).toBe(303)
  const refused = await register()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '600'])
  expect(await refused.text()).toContain('请稍后再试')
})

test('a flow that is done is not counted any more', async () => {
  const done = await register(platform, personAtForms(), samplePerson())
  expect(done.heading).toBe('注册成功')
  const begun = () => fetch(`${platform.issuer}/register`, { redirect: 'manual' })
  for (let each = 0; each < most; each += 1) expect((await begun()).status).toBe(303)
  expect((await begun()).status).toBe(429)
})

test('a flow that is visited stays counted', async () => {
  const browser = cookieBrowser()
  const { path } = await browser.visit(`${platform.issuer}/register`)
  const begun = () => fetch(`${platform.issuer}/register`, { redirect: 'manual' })
  platform.turn(1000)
  expect((await browser.visit(String(path.at(-1)))).response.status).toBe(200)
  platform.turn(1000)
  for (let each = 1; each < most; each += 1) expect((await begun()).status).toBe(303)
  expect((await begun()).status).toBe(429)
})

test('an address opens only so many logout pages without a session', async () => {
  const logout = async () => {
    const answer = await fetch(`${platform.issuer}/session/end`)
    return [answer.status, answer.headers.get('retry-after')]
  }
  for (let each = 0; each < most; each += 1) expect(await logout()).toEqual([200, null])
  expect(await logout()).toEqual([429, '600'])
})
