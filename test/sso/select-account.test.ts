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
const otherCredentials = { ...credentials, username: 'Li.Si' }

let platform: SsoPlatform
let [sub, otherSub] = ['', '']
beforeAll(async () => {
  platform = await ssoPlatform()
  sub = await platform.register()
  otherSub = await platform.register({ username: otherCredentials.username })
})
afterAll(() => platform.close())

/** The page for `prompt=select_account` in a browser with a session. */
async function selectAccountPage(params: Record<string, string> = {}) {
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  await signIn(browser, (await ask()).url)
  const { url, tokens } = await ask({ prompt: 'select_account', ...params })
  return { browser, page: await browser.visit(url), tokens }
}

test('select_account offers the signed-in account and can continue with it', async () => {
  const { browser, page, tokens } = await selectAccountPage()
  expect(page.text).toContain('<h1>选择账户</h1>')
  expect(page.text).toContain(`使用 ${person.username} 继续`)
  const got = await tokens(answerOf(await submit(browser, page, { action: 'same' })))
  expect(got.claims()?.sub).toBe(sub)
})

test('another account can sign in, and the first one is signed out', async () => {
  const { browser, page, tokens } = await selectAccountPage()
  const login = await submit(browser, page, { action: 'other' })
  expect(login.text).toContain('id="password"')
  const right = await submit(browser, login, otherCredentials)
  const form = new URLSearchParams([
    ['xsrf', hidden(right.text, 'xsrf')],
    ['logout', 'yes'],
  ])
  const confirm = `${platform.issuer}/session/end/confirm`
  const done = await browser.visit(confirm, callback, { method: 'POST', body: form })
  expect((await tokens(answerOf(done))).claims()?.sub).toBe(otherSub)
})

test('select_account without a session shows the login once', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const { url, tokens } = await ask({ prompt: 'select_account' })
  const browser = cookieBrowser()
  const page = await browser.visit(url)
  expect(page.text).toContain('id="password"')
  const got = await tokens(answerOf(await submit(browser, page, credentials)))
  expect(got.claims()?.sub).toBe(sub)
})

test('select_account with login also asks for the password of the chosen account', async () => {
  const { browser, page, tokens } = await selectAccountPage({ prompt: 'select_account login' })
  const login = await submit(browser, page, { action: 'same' })
  expect(login.text).toContain('id="password"')
  const got = await tokens(answerOf(await submit(browser, login, credentials)))
  expect(got.claims()?.sub).toBe(sub)
})

test('an unknown action is refused', async () => {
  const { browser, page } = await selectAccountPage()
  expect((await submit(browser, page, { action: 'someone' })).response.status).toBe(400)
})

test('max_age=0 asks for the password even within the second of a login', async () => {
  const { ask } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  await signIn(browser, (await ask()).url)
  const { url, tokens } = await ask({ max_age: '0' })
  const page = await browser.visit(url)
  expect(page.text).toContain('id="password"')
  const got = await tokens(answerOf(await submit(browser, page, credentials)), { maxAge: 0 })
  expect(got.claims()?.auth_time).toBeDefined()
})
