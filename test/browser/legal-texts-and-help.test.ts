import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { enrolled } from '../support/enrolled.ts'
import { press } from '../support/form-actions.ts'
import { pageProblems } from '../support/page-problems.ts'
import { samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'

const label = '我已阅读并同意用户协议和隐私政策'
const viewport = { width: 360, height: 740 }

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

const fill = async (page: Page, fields: Readonly<Record<string, string>>) => {
  for (const [name, value] of Object.entries(fields))
    await page.getByLabel(name, { exact: true }).fill(value)
}

test.each(['/register', '/register/organisation'])(
  '%s requires the agreement and opens both texts without losing the input',
  async (path) => {
    const page = await browser.newPage({ viewport })
    const { username, password } = samplePerson()
    await page.goto(platform.issuer + path)
    const box = page.getByRole('checkbox', { name: label, exact: true })
    await fill(page, { 用户名: username, 密码: password, 确认密码: password, 验证码: fixedAnswer })
    for (const title of ['用户协议', '隐私政策']) {
      const opened = page.context().waitForEvent('page')
      await page.locator('label').getByRole('link', { name: title, exact: true }).click()
      const text = await opened
      await text.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
      await text.getByText('版本 2026-11-01', { exact: true }).waitFor()
      expect([title, await pageProblems(text)]).toEqual([title, []])
      await text.close()
    }
    expect(await box.isChecked()).toBe(false)
    expect(await page.getByLabel('用户名', { exact: true }).inputValue()).toBe(username)
    await press(page, '下一步')
    await page.locator('.summary').getByText('请阅读用户协议和隐私政策，同意后勾选').waitFor()
    expect(await pageProblems(page)).toEqual([])
    await box.check()
    await fill(page, { 密码: password, 确认密码: password })
    await press(page, '下一步')
    await page.waitForURL(/\/(identity|unit)$/)
    await press(page, '上一步')
    await page.waitForURL(/\/login$/)
    expect(await box.isChecked()).toBe(true)
    await page.close()
  },
  60_000,
)

test.each(['zh-CN', 'en'])(
  'an account without an agreement is asked for one after the password, in %s',
  async (language) => {
    const person = await enrolled(platform, {}, { agreement: undefined })
    const page = await browser.newPage({ viewport })
    await page.goto(`${platform.issuer}/account?lang=${language}`)
    await page.goto(`${page.url()}?lang=${language}`)
    await page.locator('#username').fill(person.username)
    await page.locator('#password').fill(person.password)
    await page.locator('#captcha').fill(fixedAnswer)
    await page.locator('main .buttons button').first().click()
    const title = { 'zh-CN': '请确认用户协议和隐私政策', en: 'User agreement and privacy policy' }[
      language
    ]
    await page.getByRole('heading', { level: 1, name: title ?? '', exact: true }).waitFor()
    expect(await pageProblems(page)).toEqual([])
    await press(page, language === 'en' ? 'Agree and continue' : '同意并继续')
    await page.waitForURL(/\/account/)
    await page.close()
  },
  60_000,
)

test.each(['', 'lang=en', 'text=large'])(
  'help fits a phone and opens at the linked question, with query "%s"',
  async (query) => {
    const page = await browser.newPage({ viewport })
    await page.goto(`${platform.issuer}/help?${query}#q7`)
    const heading = page.locator('#q7')
    expect(await heading.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(
      370,
    )
    expect(await pageProblems(page)).toEqual([])
    await page.close()
  },
)
