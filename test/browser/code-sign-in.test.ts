import type { Browser } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { enrolled } from '../support/enrolled.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems } from '../support/page-problems.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

test('after five wrong passwords of strangers, the owner signs in by password and code, and the password is typed once', async () => {
  const owner = await enrolled(platform)
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } })
  const page = await context.newPage()
  await page.goto(`${platform.exam.url}/login`)
  await fill(page, '用户名', owner.username)
  for (let n = 0; n < 5; n += 1) {
    await fill(page, '密码', 'not the password')
    await fill(page, '验证码', fixedAnswer)
    await press(page, '登录')
  }
  await fill(page, '密码', owner.password)
  expect(await pageProblems(page)).toEqual([])

  await press(page, '现在用短信验证码登录')
  await page.getByRole('heading', { name: '用密码和短信验证码登录' }).waitFor()
  expect(await page.getByLabel('用户名', { exact: true }).inputValue()).toBe(owner.username)
  // Only script keeps the password, which never leaves the page.
  expect(await page.getByLabel('密码', { exact: true }).inputValue()).toBe(owner.password)
  expect(await pageProblems(page)).toEqual([])

  await fill(page, '验证码', fixedAnswer)
  await page.getByLabel('验证码', { exact: true }).press('Enter')
  await page.getByLabel('短信验证码', { exact: true }).waitFor()
  expect(await pageProblems(page)).toEqual([])
  await fill(page, '短信验证码', '12345')
  await press(page, '登录')
  await page.locator('.summary').waitFor()
  await fill(page, '短信验证码', await platform.codeFor(owner.phone))
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.locator('main').getByText(owner.name).first().waitFor()
  expect(new URL(page.url()).origin).toBe(platform.exam.url)
  await context.close()
})
