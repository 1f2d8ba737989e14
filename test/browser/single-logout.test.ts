import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { until } from '../../sandbox/ports.mjs'
import { launchChromium } from '../support/chromium.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { register } from '../support/registering.ts'

let platform: TestPlatform
let browser: Browser
let person: SamplePerson
beforeAll(async () => {
  platform = await testPlatform()
  person = samplePerson()
  await register(platform, personAtForms(), person)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

const phone = { viewport: { width: 375, height: 667 } }
const heading = (page: Page, name: string) =>
  page.getByRole('heading', { name, exact: true }).waitFor()

async function signInAtBoth(page: Page): Promise<void> {
  await page.goto(platform.exam.url)
  await press(page, '登录')
  await fill(page, '用户名', person.username)
  await fill(page, '密码', person.password)
  await fill(page, '验证码', fixedAnswer)
  await press(page, '登录')
  await heading(page, '您已登录')
  await page.getByRole('link', { name: '社保服务' }).click()
  await heading(page, '登录社保服务')
  await press(page, '登录')
  await heading(page, '您已登录')
}

const ways: readonly [string, BrowserContextOptions][] = [
  ['with script', phone],
  ['without script', { ...phone, javaScriptEnabled: false, colorScheme: 'dark' }],
]

describe.each(ways)('single logout %s', (_, options) => {
  const scripted = options.javaScriptEnabled !== false
  let page: Page
  beforeEach(async () => {
    page = await (await browser.newContext(options)).newPage()
  })
  afterEach(() => page.context().close())

  async function look(at: string): Promise<void> {
    const found = scripted
      ? await pageProblems(page)
      : await pageProblemsWithoutScript(page, browser)
    expect([at, found]).toEqual([at, []])
  }

  /** Presses 退出登录. Without script, the platform's confirmation page must be answered as well. */
  async function signOutHere(): Promise<void> {
    await press(page, '退出登录')
    if (scripted) return
    await heading(page, '退出登录')
    await look('退出登录')
    await press(page, '退出登录')
  }

  test('one login is valid for both clients, and one press signs out of both', async () => {
    await signInAtBoth(page)
    await look('社保服务, signed in')
    await signOutHere()
    await heading(page, '您已退出登录')
    expect(page.url()).toBe(`${platform.social.url}/signed-out`)
    await look('社保服务, signed out')
    await page.goto(platform.exam.url)
    await heading(page, '登录考生服务系统')
  })

  test('停留在本页 stops the automatic redirect, and a link leads back', async () => {
    await signInAtBoth(page)
    await platform.exam.rest()
    await signOutHere()
    await page.getByRole('link', { name: '停留在本页', exact: true }).click()
    await page.getByText('停留在本页').waitFor({ state: 'detached' })
    await look('已退出登录, staying')
    const main = page.getByRole('main')
    expect(await main.textContent()).toContain('我们会继续通知：考生服务系统')
    await platform.exam.resume()
    await page.getByRole('link', { name: '返回社保服务' }).click()
    await heading(page, '登录社保服务')
  })

  test('a client that is down is named and notified later, and the page redirects by itself', async () => {
    await signInAtBoth(page)
    await platform.exam.rest()
    await signOutHere()
    await heading(page, '已退出登录')
    await look('已退出登录, with a system that is down')
    const main = page.getByRole('main')
    expect(await main.textContent()).toContain('以下系统暂时无法通知，我们会继续通知：考生服务系统')
    await page.getByRole('link', { name: '返回社保服务' }).waitFor()
    await heading(page, '您已退出登录')
    expect(page.url()).toBe(`${platform.social.url}/signed-out`)
    await platform.exam.resume()
    // The logout message is repeated once the client is back, and ends its session.
    const isSignedOut = async () => {
      await page.goto(platform.exam.url)
      return (await page.getByRole('heading', { level: 1 }).textContent()) === '登录考生服务系统'
    }
    await until(isSignedOut, { seconds: 60, what: 'the exam service' })
  })
})
