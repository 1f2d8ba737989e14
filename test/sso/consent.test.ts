import { load } from 'cheerio'
import * as oidc from 'openid-client'
import { cookieBrowser, type Visit } from '../support/cookie-browser.ts'
import {
  answerOf,
  clients,
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

/** The contents of the page by group: the value of each fixed row, and whether each checkbox is ticked. */
function groupsOnPage({ text }: Visit) {
  const $ = load(text)
  return Object.fromEntries(
    $('fieldset')
      .toArray()
      .map((group) => {
        const fixed = $(group)
          .find('dt')
          .toArray()
          .map((term) => [$(term).text(), $(term).next('dd').text()])
        const ticks = $(group)
          .find('.choice')
          .toArray()
          .flatMap((choice) => {
            const isTicked = $(choice).find('input').is('[checked]')
            const rows = $(choice).find('.claim').toArray()
            return rows.map((row) => [$(row).text().trim(), isTicked])
          })
        return [$(group).find('legend').text(), Object.fromEntries([...fixed, ...ticks])]
      }),
  )
}

const checkboxesOn = ({ text }: Visit) =>
  [...text.matchAll(/type="checkbox" id="([^"]+)"/g)].map(([, id]) => id)

/** Returns the page after the login page of a third-party client. */
async function consentPage(params: Record<string, string>) {
  const { ask, config } = await relyingParty(platform.issuer, 'shop')
  const { url, tokens } = await ask(params)
  const browser = cookieBrowser()
  const page = await submit(browser, await browser.visit(url), credentials)
  return { browser, page, tokens, config, ask }
}

test('a third-party client receives claims only after consent to a page that lists them', async () => {
  const scope = 'openid profile phone'
  const { browser, page, tokens, config } = await consentPage({ scope })
  expect(page.text).toContain('<h1>授权</h1>')
  expect(page.text).toContain('社区商店请求获取您的以下信息')
  expect(groupsOnPage(page)).toEqual({
    基本信息: {
      您在本平台的账户编号: '一串随机字符',
      用户名: 'Zhang.San',
      姓名: '𠮷**',
      性别: '女',
      出生日期: '1949-**-**',
      用户类型: '个人用户',
    },
    手机号码: { '手机号码：138****0000': true, '手机号码是否已核验：是': true },
  })
  expect(page.text).toContain('非市人社局业务系统')
  expect(page.text).toContain('<dd class="host">rp.test</dd>')
  for (const button of ['同意', '拒绝']) expect(page.text).toContain(`>${button}</button>`)
  const got = await tokens(answerOf(await submit(browser, page, {})))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(userinfo).toMatchObject({ name: '𠮷田·阿卜杜拉', phone_number: '+8613800000000' })
})

test('declining returns access_denied to the client', async () => {
  const { browser, page } = await consentPage({ scope: 'openid profile' })
  const answer = answerOf(await submit(browser, page, { action: 'refuse' }))
  expect(answer.searchParams.get('error')).toBe('access_denied')
  expect(answer.searchParams.get('code')).toBeNull()
})

test('consent is remembered in the same browser, after signing out, and in another browser', async () => {
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

test('scopes beyond the consent are asked for again', async () => {
  const { browser, page, ask } = await consentPage({ scope: 'openid profile' })
  answerOf(await submit(browser, page, {}))
  const more = await browser.visit((await ask({ scope: 'openid phone' })).url)
  expect(more.text).toContain('<h1>授权</h1>')
  const silent = await ask({ scope: 'openid phone', prompt: 'none' })
  const answer = answerOf(await browser.visit(silent.url, callback))
  expect(answer.searchParams.get('error')).toBe('consent_required')
})

test('single claims are listed, except those that the metadata of the client does not allow', async () => {
  const claims = JSON.stringify({ userinfo: { id_number: null, org_name: null } })
  const { page } = await consentPage({ claims })
  expect(groupsOnPage(page)['证件信息']).toEqual({ '证件号：110***********002X': true })
  expect(page.text).not.toContain('单位名称')
})

test('offline access is listed', async () => {
  const { browser, page, tokens } = await consentPage({
    scope: 'openid offline_access',
    prompt: 'consent',
  })
  expect(groupsOnPage(page)['离线访问']).toEqual({ '在您离开后继续获取以上信息，最长 90 天': true })
  const got = await tokens(answerOf(await submit(browser, page, {})))
  expect(got.refresh_token).toBeTruthy()
})

test('first-party clients receive everything that their metadata allows without consent', async () => {
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

test('withheld claims are not disclosed, are not asked for again, and can be granted later', async () => {
  const asking = { scope: 'openid offline_access profile phone', prompt: 'consent' }
  const { browser, page, tokens, config, ask } = await consentPage(asking)
  expect(checkboxesOn(page)).toEqual(['give-phone', 'give-offline_access'])
  const withheld = { 'give-phone': 'no', 'give-offline_access': 'no' }
  const got = await tokens(answerOf(await submit(browser, page, withheld)))
  expect(got.scope).toBe('openid profile')
  expect(got.refresh_token).toBeUndefined()
  const disclosed = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(disclosed).toMatchObject({ name: '𠮷田·阿卜杜拉' })
  expect(disclosed).not.toHaveProperty('phone_number')

  const another = cookieBrowser()
  const again = await ask({ scope: 'openid profile phone' })
  const quiet = await again.tokens(await signIn(another, again.url))
  expect(quiet.scope).toBe('openid profile')

  const changed = await ask(asking)
  const secondConsent = await another.visit(changed.url)
  expect(groupsOnPage(secondConsent)['手机号码']).toMatchObject({ '手机号码：138****0000': false })
  const given = { 'give-phone': 'yes', 'give-offline_access': 'yes' }
  const all = await changed.tokens(answerOf(await submit(another, secondConsent, given)))
  expect(all.scope?.split(' ').toSorted()).toEqual(asking.scope.split(' ').toSorted())
  const userinfo = await oidc.fetchUserInfo(config, all.access_token, sub)
  expect(userinfo).toMatchObject({ phone_number: '+8613800000000' })
})

test('a single claim can be withheld unless it is essential', async () => {
  const claims = { userinfo: { id_number: null, name: { essential: true } } }
  const { browser, page, tokens, config } = await consentPage({ claims: JSON.stringify(claims) })
  expect(checkboxesOn(page)).toEqual(['give-id_number'])
  const withheld = { 'give-id_number': 'no', 'give-name': 'no' }
  const got = await tokens(answerOf(await submit(browser, page, withheld)))
  const userinfo = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(userinfo).toEqual({ sub, name: '𠮷田·阿卜杜拉' })
})

test('a form from another browser is refused', async () => {
  const { page } = await consentPage({ scope: 'openid profile' })
  const { response } = await cookieBrowser().visit(String(page.path.at(-1)), undefined, {
    method: 'POST',
    body: new URLSearchParams({ action: 'next' }),
  })
  expect(response.status).toBe(403)
})

test('an unticked checkbox withholds its claims, also in a browser without script', async () => {
  const asking = { scope: 'openid offline_access phone', prompt: 'consent' }
  const { browser, page, tokens, config } = await consentPage(asking)
  const none = { 'give-phone': '', 'give-offline_access': '' }
  const got = await tokens(answerOf(await submit(browser, page, none)))
  expect(got.scope).toBe('openid')
  const disclosed = await oidc.fetchUserInfo(config, got.access_token, sub)
  expect(disclosed).toEqual({ sub })
})

test('all claims appear in five groups with masked values', async () => {
  const { ask } = await relyingParty(platform.issuer, 'lender')
  const scope = 'openid offline_access profile phone identity verified_identity'
  const browser = cookieBrowser()
  const { url } = await ask({ scope, prompt: 'consent' })
  const page = await submit(browser, await browser.visit(url), credentials)
  const groups = groupsOnPage(page)
  expect(Object.keys(groups)).toEqual([
    '基本信息',
    '证件信息',
    '手机号码',
    '经银行核验的身份',
    '离线访问',
  ])
  expect(groups['证件信息']).toEqual({ 证件类型: '居民身份证', 证件号: '110***********002X' })
  expect(groups['经银行核验的身份']).toMatchObject({
    经银行核验的姓名: '𠮷**',
    经银行核验的证件号: '110***********002X',
    经银行核验的手机号码: expect.stringContaining('138****0000是否提供，由“手机号码”中的勾选决定'),
    '由哪家银行核验、何时核验（不含银行账号）': expect.stringMatching(/^建设银行 \d{4}-/),
  })
  for (const value of ['吉田', '·阿卜杜拉', '11010519491231002X', '13800000000', '1949-12-31'])
    expect(page.text).not.toContain(value)
})

test('the page shows the host of the redirect URI beside that of client_uri when they differ', async () => {
  const { ask } = await relyingParty(platform.issuer, 'shop')
  await platform.restartWith([{ ...clients.shop, client_uri: 'https://shop.test/start' }])
  const browser = cookieBrowser()
  const { url } = await ask({ scope: 'openid profile' })
  const page = await submit(browser, await browser.visit(url), credentials)
  expect(page.text).toContain('<dd class="host">shop.test</dd>')
  expect(page.text).toContain('<dd class="host">rp.test</dd>')
})
