import { acr } from '../../config/acr.ts'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { until } from '../../sandbox/ports.mjs'
import { limitsRedis } from '../../src/adapters/redis/limits-redis.ts'
import { cookieBrowser, type Visit } from '../support/cookie-browser.ts'
import { digits } from '../support/people.ts'
import { ownNetwork } from '../support/strangers.ts'
import {
  answerOf,
  type Browser,
  callback,
  credentials,
  relyingParty,
  type SsoPlatform,
  ssoPlatform,
  submit,
} from './platform.ts'

/** The way through the wait after wrong passwords: password and SMS code (specification, section 5). */
let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform(undefined, 1, { TRUST_PROXY: '1' })
})
afterAll(() => platform.close())

const browserIn = (network = ownNetwork()) => cookieBrowser({ 'x-forwarded-for': network })

/** An account whose username strangers have made wait. */
async function lockedOut(different: Parameters<typeof platform.register>[0] = {}) {
  const phone = `13${digits(9)}`
  const username = `user${digits(8)}`
  const document = { type: 'passport', country: 'BRA', number: `E${digits(8)}` } as const
  const id = await platform.register({ username, phone: `+86${phone}`, document, ...different })
  await useUpTries(username)
  return { id, phone, username }
}

async function useUpTries(username: string) {
  for (let n = 0; n < 5; n += 1) await toWait(browserIn(), username, 'wrong')
}

/** Tries to log in. Returns the page, and what exchanges the code of the answer. */
async function toWait(browser: Browser, username: string, password = credentials.password) {
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask()
  const page = await submit(browser, await browser.visit(url), {
    ...credentials,
    username,
    password,
  })
  return { page, tokens }
}

/** Goes from the refused login to the page that asks for the code. */
async function toCode(browser: Browser, username: string, password = credentials.password) {
  const { page, tokens } = await toWait(browser, username, 'wrong')
  const asks = await submit(browser, page, { action: 'byCode', username })
  const typed = { ...credentials, username, password }
  return { page: await submit(browser, asks, typed), asks, tokens, typed }
}

const sentTo = async (phone: string): Promise<number> => {
  await platform.settled()
  return (await platform.messages(phone)).length
}

const neutral = ({ response, text }: Visit, username: string) => ({
  status: response.status,
  text: text.replaceAll(username, 'NAME').replace(/[\w-]{20,}/g, 'ID'),
})

describe('during a wait', () => {
  test('another browser signs in with the right password and a code to the registered phone', async () => {
    const { id, phone, username } = await lockedOut()
    const browser = browserIn()
    const { page, tokens } = await toWait(browser, username)
    expect(page.response.status).toBe(429)
    expect(page.text).toContain('不想等？您现在就可以登录')
    expect(page.text).toContain(`value="${username}"`)
    expect(page.text).not.toContain(credentials.password)

    const asks = await submit(browser, page, { action: 'byCode', username })
    expect(asks.response.status).toBe(200)
    expect(asks.text).toContain('<h1>用密码和短信验证码登录</h1>')
    expect(asks.text).toContain(`value="${username}"`)
    const sent = await submit(browser, asks, { ...credentials, username })
    expect(sent.text).toContain('信息与注册信息一致的，短信已发送至注册时填写的手机号码')
    expect(sent.text).not.toContain(phone)
    const smsCode = await platform.codeFor(phone)
    const wrong = await submit(browser, sent, { smsCode: smsCode === '000000' ? '1' : '000000' })
    expect(wrong.response.status).toBe(422)
    // A reload shows the same page.
    const reloaded = await browser.visit(String(sent.path.at(-1)))
    const answer = answerOf(await submit(browser, reloaded, { smsCode }))
    const got = await tokens(answer)
    expect(got.claims()).toMatchObject({ sub: id, acr: acr.sms, amr: ['pwd', 'sms', 'mfa'] })

    // The browser is remembered from now on, and the wait of the others stays.
    const { ask } = await relyingParty(platform.issuer)
    const again = await browser.visit((await ask({ prompt: 'login' })).url)
    answerOf(await submit(browser, again, { ...credentials, username }))
    expect((await toWait(browserIn(), username)).page.response.status).toBe(429)
    // The code may have been talked out of its recipient, so that the phone is told of the new device as well.
    const templates = async () => {
      const all = await platform.simulator('GET', `/sms/messages?phone=${phone}`)
      return all.map(({ template }: { template: string }) => template)
    }
    await until(async () => (await templates()).length > 1, { seconds: 60, what: 'the notice' })
    expect(await templates()).toEqual(['new-device', 'code'])
  })

  test('a wrong password and an unknown username see the same pages, and no message goes out', async () => {
    const { id, phone, username } = await lockedOut()
    const unknown = `nobody${digits(8)}`
    await useUpTries(unknown)
    const right = await toCode(browserIn(), username)
    expect(await sentTo(phone)).toBe(1)
    const wrong = await toCode(browserIn(), username, 'not the password')
    const nobody = await toCode(browserIn(), unknown)
    expect(await sentTo(phone)).toBe(1)
    expect(neutral(wrong.asks, username)).toEqual(neutral(right.asks, username))
    expect(neutral(wrong.page, username)).toEqual(neutral(right.page, username))
    expect(neutral(nobody.page, unknown)).toEqual(neutral(right.page, username))
    expect(right.page.response.status).toBe(200)
    const failed = { what: 'sign-in-failed', detail: 'password', accountId: id }
    const { mongodb } = platform.stores
    expect(await mongodb.collection('audit').countDocuments(failed)).toBe(6)
  })

  test('codes, tries and waits are alike whether the password was right or not', async () => {
    const { username } = await lockedOut()
    for (const password of [credentials.password, 'not the password']) {
      const browser = browserIn()
      const { page } = await toCode(browser, username, password)
      const statuses: unknown[] = []
      for (let n = 0; n < 6; n += 1) {
        const tried = await submit(browser, page, { smsCode: '000000' })
        statuses.push(tried.text.includes('5 次机会已用完') ? 'spent' : tried.response.status)
      }
      expect(statuses).toEqual([422, 422, 422, 422, 'spent', 'spent'])
      const soon = await submit(browser, page, { action: 'send' })
      expect(soon.response.status).toBe(429)
      expect(soon.text).toMatch(/操作过于频繁，请在 \d+ 秒后再试/)
    }
  })

  test('上一步 leads back to the password, and from there to 登录', async () => {
    const { username } = await lockedOut()
    const browser = browserIn()
    const { page } = await toCode(browser, username)
    const back = await submit(browser, page, { action: 'back' })
    expect(back.text).toContain('id="password"')
    expect(back.text).toContain(`value="${username}"`)
    const login = await submit(browser, back, { action: 'back' })
    expect(login.text).toContain('<h1>登录</h1>')
  })

  test('the page of the password needs a captcha each time and keeps the username', async () => {
    const { phone, username } = await lockedOut()
    const browser = browserIn()
    const { page } = await toWait(browser, username)
    const asks = await submit(browser, page, { action: 'byCode', username })
    const refused = await submit(browser, asks, { ...credentials, username, captcha: 'zzzz' })
    expect(refused.response.status).toBe(422)
    expect(refused.text).toContain('图中的数字不正确或已过期')
    expect(refused.text).toContain(`value="${username}"`)
    const empty = await submit(browser, refused, { ...credentials, username, password: '' })
    expect(empty.text).toContain('id="password-fault"')
    const other = await submit(browser, empty, { ...credentials, username, action: 'captcha' })
    expect(other.response.status).toBe(200)
    expect(await sentTo(phone)).toBe(0)
    await submit(browser, other, { ...credentials, username })
    expect(await sentTo(phone)).toBe(1)
  })
})

describe('the limits of this way', () => {
  test('an address that needs a captcha for another code is told so beside the password, and goes on there', async () => {
    const { phone, username } = await lockedOut()
    const network = ownNetwork()
    const browser = browserIn(network)
    const { page } = await toCode(browser, username)
    expect(await sentTo(phone)).toBe(1)
    // Others behind the address use up what it has without a captcha.
    const { stores, encryption, clock } = platform
    const limits = limitsRedis({ ...stores, encryption: encryption.inRedis, clock })
    const { count, window } = policy().smsCode.perAddress
    const ofAddress = { name: 'sms.address', subject: network, count, window }
    for (let n = 1; n < count; n += 1)
      expect(await limits.take([ofAddress])).toMatchObject({ ok: true })
    platform.turn(60)
    const asks = await submit(browser, page, { action: 'send' })
    expect(asks.response.status).toBe(200)
    expect(asks.text).toContain('短信还没有发送。请再输入一次密码和图中的数字')
    expect(asks.text).toContain(`value="${username}"`)
    const sent = await submit(browser, asks, { ...credentials, username })
    expect(sent.text).toContain('短信已发送至注册时填写的手机号码')
    expect(sent.text).not.toContain('短信还没有发送')
    expect(await sentTo(phone)).toBe(2)
  })

  test('count what was typed in a network, so that strangers cannot use it up for the owner', async () => {
    const { phone, username } = await lockedOut()
    const network = ownNetwork()
    for (let n = 0; n < 5; n += 1) {
      const { page } = await toCode(browserIn(network), username, 'not the password')
      expect(page.response.status).toBe(200)
      platform.turn(60)
    }
    const { page: sixth } = await toCode(browserIn(network), username)
    expect(sixth.response.status).toBe(429)
    expect(sixth.text).toContain('用短信验证码登录的次数今天已用完')
    expect(await sentTo(phone)).toBe(0)
    const { page } = await toCode(browserIn(), username)
    expect(page.response.status).toBe(200)
    expect(await sentTo(phone)).toBe(1)
  })

  test('let a phone get five codes a day for the right password, which the page does not disclose', async () => {
    const { phone, username } = await lockedOut()
    for (let n = 0; n < 7; n += 1) {
      platform.turn(60)
      const { page } = await toCode(browserIn(), username)
      expect(page.response.status).toBe(200)
      expect(page.text).toContain('也可能是今天登录的短信已发满 5 条')
      // The message goes out after the answer, and 60 s lie between two.
      await platform.settled()
    }
    expect(await sentTo(phone)).toBe(5)
  })
})

test('a code signs in once when it is submitted twice at once', async () => {
  const { phone, username } = await lockedOut()
  const browser = browserIn()
  const { page } = await toCode(browser, username)
  const smsCode = await platform.codeFor(phone)
  const both = await Promise.all([1, 2].map(() => submit(browser, page, { smsCode })))
  const entered = both.filter(({ path }) => path.at(-1)?.href.startsWith(callback))
  expect(entered.length).toBeLessThanOrEqual(1)
  const { mongodb } = platform.stores
  const event = { what: 'signed-in', detail: 'sms', accountId: { $exists: true } }
  const account = await platform.accounts.findByUsername(username)
  expect(
    await mongodb.collection('audit').countDocuments({ ...event, accountId: account?.id }),
  ).toBe(1)
})

test('a change of the account after the password was typed invalidates the code', async () => {
  const { id, phone, username } = await lockedOut()
  const browser = browserIn()
  const { page } = await toCode(browser, username)
  const smsCode = await platform.codeFor(phone)
  const changed = await platform.accounts.change({ id, version: 1 }, { questions: null }, 'a test')
  expect(changed).toBe('changed')
  const refused = await submit(browser, page, { smsCode })
  expect(refused.response.status).toBe(422)
  expect(refused.text).toContain('短信验证码已失效')
})
