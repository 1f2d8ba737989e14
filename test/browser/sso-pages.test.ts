import type { Browser, Page } from 'playwright-core'
import { launchChromium, launchWithoutCookies } from '../support/chromium.ts'
import { enrolled } from '../support/enrolled.ts'
import { pressAndWait } from '../support/form-actions.ts'
import { pageProblems } from '../support/page-problems.ts'
import { digits, type SamplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let browser: Browser
let person: SamplePerson
let page: Page
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})
beforeEach(async () => {
  person = await enrolled(platform)
  page = await (await browser.newContext({ viewport: { width: 360, height: 740 } })).newPage()
})
afterEach(() => page.context().close())

const press = (name: string) => pressAndWait(page.getByRole('button', { name, exact: true }))
const follow = (name: string) => page.getByRole('link', { name, exact: true }).click()
const fill = (label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value)
const heading = (name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

test('a recovery that began at the exam service ends at the exam service', async () => {
  await page.goto(platform.exam.url)
  await follow('忘记密码？')
  await fill('用户名', person.username)
  await fill('验证码', fixedAnswer)
  await press('下一步')
  await press('证件号码+手机验证码')
  await fill('证件号', person.idNumber)
  await fill('手机号码', person.phone)
  await press('发送短信验证')
  await page.locator('.send .notice').waitFor()
  await fill('动态验证', await platform.codeFor(person.phone))
  await press('下一步')
  const password = `a brand new ${digits(8)}`
  await fill('新密码', password)
  await fill('确认新密码', password)
  await press('下一步')
  await heading('重置成功')
  await follow('返回登录')
  await heading('登录考生服务系统')
  expect(page.url()).toBe(`${platform.exam.url}/`)
})

test('用户信息维护 that was opened at the exam service leads back to it', async () => {
  await page.goto(platform.exam.url)
  await follow('用户信息维护')
  await fill('用户名', person.username)
  await fill('密码', person.password)
  await fill('验证码', fixedAnswer)
  await press('登录')
  await follow('密码管理')
  await heading('密码管理')
  expect(await pageProblems(page)).toEqual([])
  await follow('返回考生服务系统')
  await heading('登录考生服务系统')
})

test('the login page of a first visit weighs at most 30 kB in at most 5 requests', async () => {
  const network = await page.context().newCDPSession(page)
  await network.send('Network.enable')
  const weights: number[] = []
  network.on('Network.loadingFinished', ({ encodedDataLength }) => {
    // The emblem in the page and as the icon is one request; the second one comes from the cache.
    if (encodedDataLength > 0) weights.push(encodedDataLength)
  })
  await page.goto(`${platform.issuer}/account`, { waitUntil: 'networkidle' })
  await page.getByRole('button', { name: '登录', exact: true }).waitFor()
  expect(weights.length).toBeLessThanOrEqual(5)
  // Stylesheet, script, picture and page have arrived.
  expect(weights.filter((bytes) => bytes > 2000).length).toBe(4)
  expect(weights.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(30_000)
})

test('取消 on the login page returns to the exam service, and Enter presses 登录', async () => {
  await page.goto(`${platform.exam.url}/login`)
  await heading('登录')
  expect(await pageProblems(page)).toEqual([])
  await fill('用户名', person.username)
  await page.getByLabel('用户名', { exact: true }).press('Enter')
  await page.locator('.summary').waitFor()
  await press('取消')
  await heading('您没有同意登录')
  expect(new URL(page.url()).origin).toBe(platform.exam.url)
})

test('a browser that blocks cookies gets a page about cookies, not about an expired page', async () => {
  const blocked = await launchWithoutCookies()
  try {
    const other = await blocked.newPage()
    for (const start of [`${platform.exam.url}/login`, `${platform.issuer}/register`]) {
      await other.goto(start)
      const text = await other.getByRole('main').textContent()
      expect(text).toContain('请允许浏览器使用 Cookie (cookies)')
      expect(text).not.toContain('过期')
      expect(await pageProblems(other)).toEqual([])
    }
  } finally {
    await blocked.close()
  }
})
