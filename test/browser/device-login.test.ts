import type { Browser, BrowserContextOptions } from 'playwright-core'
import { credentials, type SsoPlatform, ssoPlatform } from '../sso/platform.ts'
import { launchChromium } from '../support/chromium.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'

const television = {
  client_id: 'television',
  client_name: '客厅电视',
  token_endpoint_auth_method: 'none',
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
  scope: 'openid profile',
  first_party: true,
}

let platform: SsoPlatform
let browser: Browser
beforeAll(async () => {
  const none = { count: 0, most: 100, window: 3600, times: { network: 10, site: 30 } }
  platform = await ssoPlatform((usual) => ({
    ...usual,
    userCode: { perAddress: none } as unknown as (typeof usual)['userCode'],
  }))
  await platform.restartWith([television])
  await platform.register()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

/** Starts the device flow, and returns the code and address that the television shows. */
async function begin() {
  const body = new URLSearchParams({ client_id: television.client_id, scope: 'openid profile' })
  const response = await fetch(`${platform.issuer}/device/auth`, { method: 'POST', body })
  return (await response.json()) as { user_code: string; verification_uri_complete: string }
}

const phone = { viewport: { width: 375, height: 740 } }

test.each<[string, BrowserContextOptions]>([
  ['with script, in light colours', { ...phone, colorScheme: 'light' }],
  ['without script, in dark colours', { ...phone, colorScheme: 'dark', javaScriptEnabled: false }],
])('a person signs in on a television %s', async (name, options) => {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const script = options.javaScriptEnabled !== false
  const look = async (at: string) => {
    const folder = process.env['PICTURES']
    if (folder) await page.screenshot({ path: `${folder}/${name} ${at}.png`, fullPage: true })
    const found = await (script ? pageProblems(page) : pageProblemsWithoutScript(page, browser))
    expect([at, ...found]).toEqual([at])
  }
  const { user_code: code } = await begin()

  await page.goto(`${platform.issuer}/device`)
  await look('code')
  await fill(page, '设备代码', 'BCDF GHJK')
  await press(page, '下一步')
  await look('captcha')
  expect(await page.title()).toMatch(/^错误：在设备上登录/)
  await fill(page, '设备代码', code.toLowerCase())
  await fill(page, '验证码', credentials.captcha)
  await press(page, '下一步')
  await look('confirm')
  expect(await page.getByRole('main').textContent()).toContain(code)
  await press(page, '取消')
  await look('cancelled')

  const { user_code: second, verification_uri_complete: scanned } = await begin()
  await page.goto(scanned)
  if (!script) await press(page, '继续')
  await look('scanned')
  expect(await page.getByLabel('设备代码').inputValue()).toBe(second)
  await fill(page, '验证码', credentials.captcha)
  await press(page, '下一步')
  await press(page, '相同，继续')
  await fill(page, '用户名', credentials.username)
  await fill(page, '密码', credentials.password)
  await fill(page, '验证码', credentials.captcha)
  await press(page, '登录')
  await look('done')
  expect(await page.getByRole('main').textContent()).toContain('设备登录成功')
  await context.close()
})
