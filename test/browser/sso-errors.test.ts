import type { Browser, BrowserContextOptions } from 'playwright-core'
import { clients } from '../sso/platform.ts'
import { launchChromium } from '../support/chromium.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform({ clients: [clients.exam] })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

const phone = { viewport: { width: 375, height: 667 } }

/** The address of an authorization request that is valid except for `params`. */
const asked = (params: Readonly<Record<string, string>>) =>
  `${platform.issuer}/auth?${new URLSearchParams({
    client_id: 'exam',
    redirect_uri: 'https://rp.test/callback',
    response_type: 'code',
    scope: 'openid',
    state: 'a-state-of-the-system',
    ...params,
  })}`

const problems = [
  ['unknown client', { client_id: 'nobody' }, '没有在统一用户平台登记', 'invalid_client'],
  [
    'unregistered address',
    { redirect_uri: 'https://evil.test/' },
    '返回地址没有登记',
    'invalid_redirect_uri',
  ],
  [
    'bad request object for an unregistered address',
    { request: 'e30.e30.', redirect_uri: 'https://evil.test/' },
    '返回地址没有登记',
    'invalid_redirect_uri',
  ],
  ['no client', { client_id: '' }, '业务系统发来的请求有误', 'invalid_request'],
  [
    'expired pushed request',
    { request_uri: 'urn:ietf:params:oauth:request_uri:gone', redirect_uri: '' },
    '业务系统发来的请求有误',
    'invalid_request_uri',
  ],
] as const

test.each(problems)(
  'an error page explains the problem "%s" in words and by its code',
  async (_, params, words, code) => {
    for (const options of [
      phone,
      { ...phone, javaScriptEnabled: false, colorScheme: 'dark' },
    ] as const) {
      const context = await browser.newContext(options satisfies BrowserContextOptions)
      const page = await context.newPage()
      const response = await page.goto(asked(params))
      expect(new URL(page.url()).origin).toBe(platform.issuer)
      expect(response?.status()).toBe(400)
      const text = await page.getByRole('main').textContent()
      expect(text).toContain(words)
      expect(text).toContain(`供技术人员参考：${code}`)
      expect(text).toContain(`编号：${response?.headers()['x-request-id']}`)
      expect(await page.content()).not.toContain('evil.test/"')
      const withScript = !('javaScriptEnabled' in options)
      expect(
        withScript ? await pageProblems(page) : await pageProblemsWithoutScript(page, browser),
      ).toEqual([])
      await context.close()
    }
  },
)

test('the error page uses the requested language until the person chooses another', async () => {
  const context = await browser.newContext(phone)
  const page = await context.newPage()
  await page.goto(asked({ client_id: 'nobody', ui_locales: 'de en-GB' }))
  expect(await page.getByRole('heading').textContent()).toBe('This system can’t sign you in')
  expect(await pageProblems(page)).toEqual([])
  await page.getByRole('link', { name: '简体中文' }).click()
  expect(await page.getByRole('heading').textContent()).toBe('无法登录该系统')
  await context.close()
})

test('the error page links back to a known client', async () => {
  const context = await browser.newContext(phone)
  const page = await context.newPage()
  await page.goto(asked({ redirect_uri: 'https://evil.test/' }))
  const back = page.getByRole('link', { name: '返回考生服务系统' })
  expect(await back.getAttribute('href')).toBe('https://rp.test/')
  await context.close()
})
