import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { continueInChromium } from '../support/continue-in-chromium.ts'
import { enrolled, enrolUnit } from '../support/enrolled.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems } from '../support/page-problems.ts'
import { cardNumber, type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { withCode } from '../support/registering.ts'
import { sampleUnit } from '../support/units.ts'

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

const phone: BrowserContextOptions = { viewport: { width: 360, height: 740 } }

/** Counts the rows in which the elements of a list are laid out. */
const rowsOf = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((all) => {
    const tops = all.map((element) => Math.round(element.getBoundingClientRect().top))
    return new Set(tops).size
  })

describe('a refusal on a narrow phone', () => {
  async function refused(person: SamplePerson) {
    const at = personAtForms()
    const { page: waiting, fields } = await withCode(platform, at, person)
    const page = await continueInChromium(browser, at, waiting)
    const submit = async () => {
      await fill(page, '短信验证码', fields.smsCode)
      await press(page, '下一步')
      await page.locator('.summary').waitFor()
    }
    await submit()
    return { page, submit }
  }

  const caseNumber = (page: Page) => page.locator('.case strong')
  const heading = (page: Page) => page.locator('.summary h2').textContent()

  test('shows a case number that is on one line, is selected as a whole and survives retries', async () => {
    const { page, submit } = await refused(samplePerson())
    expect(await heading(page)).toBe('请先处理以下问题')
    const number = await caseNumber(page).textContent()
    expect(number).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}$/)
    const lines = caseNumber(page).evaluate((element) => element.getClientRects().length)
    expect(await lines).toBe(1)
    await caseNumber(page).click()
    expect(await page.evaluate(() => String(getSelection()))).toBe(number)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await press(page, '复制')
    await page.locator('.case').getByText('已复制').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(number)
    expect(await pageProblems(page)).toEqual([])
    await submit()
    expect(await caseNumber(page).textContent()).toBe(number)
    await page.context().close()
  })

  test('has its own heading for a limit and for an outage', async () => {
    const account = cardNumber('621483')
    const { page, submit } = await refused(samplePerson({ account }))
    await platform.simulator('PUT', '/faults', { bank: 'error' })
    await submit()
    await platform.simulator('PUT', '/faults', { bank: 'ok' })
    expect(await heading(page)).toBe('服务暂时不可用')
    expect(await pageProblems(page)).toEqual([])
    for (let n = 0; n < 5; n += 1) await submit()
    expect(await heading(page)).toBe('今天的次数已用完')
    expect(await page.locator('.summary').textContent()).toContain('本次未计入次数')
    expect(await page.getByLabel('银行账号', { exact: true }).inputValue()).toMatch(/^6214 83/)
    expect(await pageProblems(page)).toEqual([])
    await page.context().close()
  })
})

describe('用户信息维护 on a narrow phone', () => {
  async function signedIn(person: SamplePerson, options: BrowserContextOptions = {}) {
    const context = await browser.newContext({ ...phone, ...options })
    const page = await context.newPage()
    await page.goto(`${platform.issuer}/account`)
    await fill(page, '用户名', person.username)
    await fill(page, '密码', person.password)
    await fill(page, '验证码', fixedAnswer)
    await press(page, '登录')
    await page.getByRole('heading', { level: 1, name: '用户信息', exact: true }).waitFor()
    return page
  }

  test('shows its tabs in two rows, in larger text and in English too', async () => {
    const page = await signedIn(await enrolled(platform))
    for (const query of ['', '?text=large', '?text=normal&lang=en']) {
      await page.goto(`${platform.issuer}/account/password${query}`)
      expect([query, await rowsOf(page, '.tabs li')]).toEqual([query, 2])
      expect(await pageProblems(page)).toEqual([])
    }
    await page.context().close()
  })

  test.each(['light', 'dark'] as const)(
    'shows an accessible overview that links to the form (%s)',
    async (colorScheme) => {
      const unit = sampleUnit()
      const page = await signedIn(await enrolUnit(platform, unit), { colorScheme })
      expect(await page.locator('.facts').first().textContent()).toContain(unit.unitName)
      expect(await pageProblems(page)).toEqual([])
      await page.getByRole('link', { name: '修改用户信息' }).click()
      const top = page.locator('#change').evaluate((element) => element.getBoundingClientRect().top)
      expect(Math.abs(await top)).toBeLessThan(100)
      await page.context().close()
    },
    60_000,
  )

  test.each(['light', 'dark'] as const)(
    'shows 注销账户 as a button in a warning colour (%s)',
    async (colorScheme) => {
      const page = await signedIn(await enrolled(platform), { colorScheme })
      await page.goto(`${platform.issuer}/account/close`)
      const colours = (name: string) =>
        page
          .getByRole('button', { name, exact: true })
          .evaluate((button) => getComputedStyle(button).backgroundColor)
      expect(await colours('注销账户')).toBe(
        colorScheme === 'light' ? 'rgb(155, 15, 15)' : 'rgb(255, 184, 176)',
      )
      expect(await pageProblems(page)).toEqual([])
      await page.context().close()
    },
    60_000,
  )
})
