import type { Browser, BrowserContext } from 'playwright-core'
import {
  person,
  type SsoPlatform,
  credentials as signInCredentials,
  ssoPlatform,
} from '../sso/platform.ts'
import { launchChromium } from '../support/chromium.ts'
import { fill, press } from '../support/form-actions.ts'
import { tlsProxy } from '../support/tls-proxy.ts'

let proxy: Awaited<ReturnType<typeof tlsProxy>>
let platform: SsoPlatform
let chromium: Browser
let context: BrowserContext
beforeAll(async () => {
  proxy = await tlsProxy()
  platform = await ssoPlatform(undefined, 1, { ISSUER: proxy.url, TRUST_PROXY: '1' })
  proxy.standBefore(platform.issuer)
  await platform.register()
  chromium = await launchChromium()
  context = await chromium.newContext({ ignoreHTTPSErrors: true })
})
afterAll(async () => {
  await chromium.close()
  await platform.close()
  await proxy.close()
})

test('over https every cookie is bound to this host or to https, and is signed by SHA-256 or not at all', async () => {
  const page = await context.newPage()
  await page.goto(`${proxy.url}/account?system=exam`)
  await fill(page, '用户名', person.username)
  await fill(page, '密码', signInCredentials.password)
  await fill(page, '验证码', signInCredentials.captcha)
  await press(page, '登录')
  await page.getByRole('heading', { name: '用户信息', exact: true }).waitFor()
  await page.goto(`${proxy.url}/account/password?lang=en&text=large`)
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await page.goto(`${proxy.url}/register`)
  await page.reload()
  expect(await page.locator('#username').count()).toBe(1)

  const cookies = await context.cookies()
  const wrong = cookies.filter(({ name, path, secure, domain }) => {
    const prefix = path === '/' ? '__Host-' : '__Secure-'
    return !name.startsWith(prefix) || !secure || domain.startsWith('.')
  })
  expect(wrong).toEqual([])
  const names = new Set(cookies.map(({ name }) => name))
  for (const name of ['browser', 'lang', 'text', 'uup_session', 'uup_session.sig'])
    expect(names).toContain(`__Host-${name}`)
  expect(names).toContain('__Host-known')
  for (const name of ['system', 'flow']) expect(names).toContain(`__Secure-${name}`)
  const signatures = cookies.filter(({ name }) => name.endsWith('.sig'))
  for (const { value } of signatures) expect(value).toMatch(/^[\w-]{43}$/)
})

test('a cookie that a sibling host could have planted is ignored', async () => {
  const planted = 'a'.repeat(22)
  const response = await fetch(`${proxy.url}/register`, {
    headers: { cookie: `browser=${planted}; lang=en` },
    redirect: 'manual',
  })
  expect(response.headers.getSetCookie().join()).toContain('__Host-browser=')
})
