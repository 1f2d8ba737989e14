import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  answerOf,
  credentials,
  hidden,
  person,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

const callback = 'https://rp.test/callback'
const other = { ...credentials, username: 'Li.Si' }

let platform: SsoPlatform
let [sub, otherSub] = ['', '']
beforeAll(async () => {
  platform = await ssoPlatform()
  sub = await platform.register()
  otherSub = await platform.register({ username: other.username })
})
afterAll(() => platform.close())

/** The answer to `prompt=select_account` in a browser where somebody is signed in. */
async function choosing(params: Record<string, string> = {}) {
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  await signIn(browser, (await ask()).url)
  const { url, tokens } = await ask({ prompt: 'select_account', ...params })
  return { browser, page: await browser.visit(url), tokens }
}

test('select_account offers the account that is signed in, and goes on with it', async () => {
  const { browser, page, tokens } = await choosing()
  expect(page.text).toContain('<h1>选择账户</h1>')
  expect(page.text).toContain(`使用 ${person.username} 继续`)
  const got = await tokens(answerOf(await submit(browser, page, { action: 'same' })))
  expect(got.claims()?.sub).toBe(sub)
})

test('another account signs in, and the first one is signed out', async () => {
  const { browser, page, tokens } = await choosing()
  const login = await submit(browser, page, { action: 'other' })
  expect(login.text).toContain('id="password"')
  const right = await submit(browser, login, other)
  const form = new URLSearchParams([
    ['xsrf', hidden(right.text, 'xsrf')],
    ['logout', 'yes'],
  ])
  const confirm = `${platform.issuer}/session/end/confirm`
  const done = await browser.visit(confirm, callback, { method: 'POST', body: form })
  expect((await tokens(answerOf(done))).claims()?.sub).toBe(otherSub)
})

test('without anybody signed in it is a login, once', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask({ prompt: 'select_account' })
  const browser = cookieBrowser()
  const page = await browser.visit(url)
  expect(page.text).toContain('id="password"')
  const got = await tokens(answerOf(await submit(browser, page, credentials)))
  expect(got.claims()?.sub).toBe(sub)
})

test('with prompt=login the chosen account types its password again', async () => {
  const { browser, page, tokens } = await choosing({ prompt: 'select_account login' })
  const login = await submit(browser, page, { action: 'same' })
  expect(login.text).toContain('id="password"')
  const got = await tokens(answerOf(await submit(browser, login, credentials)))
  expect(got.claims()?.sub).toBe(sub)
})

test('what the page doesn’t offer chooses nothing', async () => {
  const { browser, page } = await choosing()
  expect((await submit(browser, page, { action: 'someone' })).response.status).toBe(400)
})

test('max_age of zero asks for the password also in the second of a login', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  await signIn(browser, (await ask()).url)
  const { url, tokens } = await ask({ max_age: '0' })
  const page = await browser.visit(url)
  expect(page.text).toContain('id="password"')
  const got = await tokens(answerOf(await submit(browser, page, credentials)), { maxAge: 0 })
  expect(got.claims()?.auth_time).toBeDefined()
})
