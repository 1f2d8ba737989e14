import * as oidc from 'openid-client'
import { cookieBrowser } from '../support/cookie-browser.ts'
import {
  answerOf,
  credentials,
  relyingParty,
  type SsoPlatform,
  signIn,
  ssoPlatform,
  submit,
} from './platform.ts'

let platform: SsoPlatform
let sub: string
beforeEach(async () => {
  platform = await ssoPlatform()
  sub = await platform.register()
})
afterEach(() => platform.close())

const callback = 'https://rp.test/callback'

/** The page after the login page of a system that is not the bureau's own. */
async function consentPage(params: Record<string, string>) {
  const { ask, config } = await relyingParty(platform.issuer, 'shop')
  const { url, tokens } = await ask(params)
  const browser = cookieBrowser()
  const page = await submit(browser, await browser.visit(url), credentials)
  return { browser, page, tokens, config, ask }
}

test('a system that is not the bureau’s own asks first, in words', async () => {
  const scope = 'openid profile phone'
  const { browser, page, tokens, config } = await consentPage({ scope })
  expect(page.text).toContain('<h1>授权</h1>')
  expect(page.text).toContain('社区商店请求获取您的以下信息')
  for (const word of ['用户名', '姓名', '性别', '出生日期', '手机号码'])
    expect(page.text).toContain(`<li>${word}</li>`)
  expect(page.text).not.toContain('<li>证件号</li>')
  expect(page.text).not.toContain('<li>在您离开后')
  for (const button of ['同意', '拒绝']) expect(page.text).toContain(`>${button}</button>`)
  const got = await tokens(answerOf(await submit(browser, page, {})))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(userinfo).toMatchObject({ name: '𠮷田·阿卜杜拉', phone_number: '+8613800000000' })
})

test('refused, it gets nothing and learns it', async () => {
  const { browser, page } = await consentPage({ scope: 'openid profile' })
  const answer = answerOf(await submit(browser, page, { action: 'refuse' }))
  expect(answer.searchParams.get('error')).toBe('access_denied')
  expect(answer.searchParams.get('code')).toBeNull()
})

test('what was agreed to is remembered, in this browser, after signing out, and in another', async () => {
  const scope = 'openid profile'
  const { browser, page, ask } = await consentPage({ scope })
  answerOf(await submit(browser, page, {}))
  answerOf(await browser.visit((await ask({ scope })).url, callback))
  for (const another of [cookieBrowser(), cookieBrowser()]) {
    const login = await another.visit((await ask({ scope })).url)
    answerOf(await submit(another, login, credentials))
    const bye = await another.visit(`${platform.issuer}/session/end`)
    await another.visit(`${platform.issuer}/session/end/confirm`, undefined, {
      method: 'POST',
      body: new URLSearchParams({
        xsrf: /name="xsrf" value="(\w+)"/.exec(bye.text)?.[1] ?? '',
        logout: 'yes',
      }),
    })
  }
})

test('more than was agreed to is asked for anew', async () => {
  const { browser, page, ask } = await consentPage({ scope: 'openid profile' })
  answerOf(await submit(browser, page, {}))
  const more = await browser.visit((await ask({ scope: 'openid phone' })).url)
  expect(more.text).toContain('<h1>授权</h1>')
  const silent = await ask({ scope: 'openid phone', prompt: 'none' })
  const answer = answerOf(await browser.visit(silent.url, callback))
  expect(answer.searchParams.get('error')).toBe('consent_required')
})

test('single claims are named as well, and none that the system may not have', async () => {
  const claims = JSON.stringify({ userinfo: { id_number: null, org_name: null } })
  const { page } = await consentPage({ claims })
  expect(page.text).toContain('<li>证件号</li>')
  expect(page.text).not.toContain('<li>单位名称</li>')
})

test('access while the person is away is named', async () => {
  const { browser, page, tokens } = await consentPage({
    scope: 'openid offline_access',
    prompt: 'consent',
  })
  expect(page.text).toContain('<li>在您离开后继续获取以上信息')
  const got = await tokens(answerOf(await submit(browser, page, {})))
  expect(got.refresh_token).toBeTruthy()
})

test('the bureau’s own systems ask nothing, and may be asked for anything their metadata allows', async () => {
  const { ask, config } = await relyingParty(platform.issuer)
  const browser = cookieBrowser()
  const first = await ask({ scope: 'openid' })
  await first.tokens(await signIn(browser, first.url))
  const claims = JSON.stringify({ userinfo: { phone_number: null } })
  const { url, tokens } = await ask({ scope: 'openid profile', claims })
  const got = await tokens(answerOf(await browser.visit(url, callback)))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(userinfo).toMatchObject({ phone_number: '+8613800000000', user_type: 'individual' })
})

test('what can be withheld is: it is not given, not asked for again, and can be given later', async () => {
  const asking = { scope: 'openid offline_access profile phone', prompt: 'consent' }
  const { browser, page, tokens, config, ask } = await consentPage(asking)
  expect(page.text).toContain('不提供：手机号码、手机号码是否已核验')
  expect(page.text).not.toContain('不提供：姓名')
  const withheld = { 'withhold-phone': 'yes', 'withhold-offline_access': 'yes' }
  const got = await tokens(answerOf(await submit(browser, page, withheld)))
  expect(got.scope).toBe('openid profile')
  expect(got.refresh_token).toBeUndefined()
  const told = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(told).toMatchObject({ name: '𠮷田·阿卜杜拉' })
  expect(told).not.toHaveProperty('phone_number')

  const another = cookieBrowser()
  const again = await ask({ scope: 'openid profile phone' })
  const quiet = await again.tokens(await signIn(another, again.url))
  expect(quiet.scope).toBe('openid profile')

  const changed = await ask(asking)
  const asked = await another.visit(changed.url)
  expect(asked.text).toMatch(/name="withhold-phone" value="yes" checked/)
  const all = await changed.tokens(answerOf(await submit(another, asked, {})))
  expect(all.scope?.split(' ').toSorted()).toEqual(asking.scope.split(' ').toSorted())
  const userinfo = await oidc.fetchUserInfo(config, all.access_token, sub)
  expect(userinfo).toMatchObject({ phone_number: '+8613800000000' })
})

test('a single claim can be withheld unless the system can’t do without it', async () => {
  const claims = { userinfo: { id_number: null, name: { essential: true } } }
  const { browser, page, tokens, config } = await consentPage({ claims: JSON.stringify(claims) })
  expect(page.text).toContain('不提供：证件号')
  expect(page.text).not.toContain('不提供：姓名')
  const withheld = { 'withhold-id_number': 'yes', 'withhold-name': 'yes' }
  const got = await tokens(answerOf(await submit(browser, page, withheld)))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(userinfo).toEqual({ sub, name: '𠮷田·阿卜杜拉' })
})

test('another browser of the same person agrees to nothing by itself', async () => {
  const { page } = await consentPage({ scope: 'openid profile' })
  const { response } = await cookieBrowser().visit(String(page.path.at(-1)), undefined, {
    method: 'POST',
    body: new URLSearchParams({ action: 'next' }),
  })
  expect(response.status).toBe(403)
})
