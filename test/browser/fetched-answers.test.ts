import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { continueInChromium } from '../support/continue-in-chromium.ts'
import { enrolled } from '../support/enrolled.ts'
import { focused, isInWindow, press, recordPosts } from '../support/form-actions.ts'
import { pageProblems } from '../support/page-problems.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'
import { bankFields, toBankStep } from '../support/registering.ts'

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

const phone = { viewport: { width: 360, height: 740 } }
const password = 'correct horse staple'
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const heading = (page: Page) => page.locator('h1').textContent()

async function opened(address: string) {
  const page = await (await browser.newContext(phone)).newPage()
  await page.goto(address)
  return page
}

/** Opens 填写验证信息 of a registration and fills in the card. */
async function atBankStep(options = {}) {
  const person = samplePerson()
  const at = personAtForms()
  const page = await continueInChromium(
    browser,
    at,
    await toBankStep(platform, at, person),
    options,
  )
  const { bank, account } = bankFields(person)
  await field(page, '银行').selectOption(bank)
  await field(page, '银行账号').fill(account)
  return { page, person }
}

describe('a refused form', () => {
  test('of 填写登录信息 keeps both passwords and moves the focus to the summary', async () => {
    const page = await opened(`${platform.issuer}/register`)
    const { username } = samplePerson()
    await field(page, '用户名').fill(username)
    await field(page, '密码').fill(password)
    await field(page, '确认密码').fill(password)
    await field(page, '验证码').fill('ZZZZ')
    const sent = recordPosts(page)
    await press(page, '下一步')
    expect(sent).toHaveLength(1)
    expect(await page.title()).toMatch(/^错误：填写登录信息/)
    expect(await focused(page)).toBe('summary')
    expect(await isInWindow(page, '.summary')).toBe(true)
    expect(await field(page, '密码').inputValue()).toBe(password)
    expect(await field(page, '确认密码').inputValue()).toBe(password)
    expect(await field(page, '验证码').inputValue()).toBe('')
    expect(await pageProblems(page)).toEqual([])
    // The enhancements also apply to the inserted content.
    expect(await button(page, '显示密码').count()).toBe(2)
    await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
    await field(page, '验证码').fill(fixedAnswer)
    await press(page, '下一步')
    expect(await heading(page)).toBe('填写身份信息')
    expect(await page.title()).toMatch(/^填写身份信息/)
    await page.context().close()
  })

  test('of the login keeps the password, and a right captcha leads to the client', async () => {
    const { username, password: known } = await enrolled(platform)
    const page = await opened(`${platform.exam.url}/login`)
    await field(page, '用户名').fill(username)
    await field(page, '密码').fill(known)
    await field(page, '验证码').fill('ZZZZ')
    const picture = () => page.locator('.challenge img').getAttribute('src')
    const before = await picture()
    await press(page, '登录')
    expect(await page.title()).toMatch(/^错误：登录/)
    expect(await picture()).not.toBe(before)
    expect(await field(page, '密码').inputValue()).toBe(known)
    await press(page, '换一张')
    expect(await field(page, '密码').inputValue()).toBe(known)
    expect(await page.title()).toMatch(/^登录/)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('换一张')
    await field(page, '验证码').fill(fixedAnswer)
    await field(page, '验证码').press('Enter')
    await page.waitForURL(`${platform.exam.url}/**`)
    expect(await page.getByRole('main').textContent()).toContain('退出')
    await page.context().close()
  })

  test('of 发送短信验证 moves the focus to the invalid field', async () => {
    const { page } = await atBankStep()
    await field(page, '手机号码').fill('123')
    await press(page, '发送短信验证')
    expect(await page.title()).toMatch(/^错误：/)
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe(
      'true',
    )
    expect(await isInWindow(page, '.field:has(:focus)')).toBe(true)
    expect(await field(page, '银行账号').inputValue()).not.toBe('')
    await page.context().close()
  })
})

describe('发送短信验证', () => {
  test('is disabled during its countdown, describes the remaining time, and is enabled for another phone', async () => {
    const { page, person } = await atBankStep()
    await page.getByLabel('我同意将银行账号仅用于核验身份').check()
    await field(page, '手机号码').fill(person.phone)
    await press(page, '发送短信验证')
    const send = button(page, '发送短信验证')
    expect(await send.isDisabled()).toBe(true)
    const described = await send.getAttribute('aria-describedby')
    expect(await page.locator(`#${described}`).textContent()).toMatch(/\d+ 秒后可再次发送/)
    expect(await page.locator(`#${described}`).getAttribute('aria-live')).toBeNull()
    await field(page, '手机号码').fill(samplePerson().phone)
    expect(await send.isEnabled()).toBe(true)
    await field(page, '手机号码').fill(person.phone)
    expect(await send.isDisabled()).toBe(true)
    const widths = await page
      .locator('.send button, .buttons button')
      .evaluateAll((all) =>
        all.map((one) => one.clientWidth / (one.parentElement?.clientWidth ?? 1)),
      )
    for (const width of widths) expect(width).toBeGreaterThan(0.95)
    await page.context().close()
  })

  test('moves the focus to the code field without script too', async () => {
    const { page, person } = await atBankStep({ javaScriptEnabled: false })
    await field(page, '手机号码').fill(person.phone)
    await page.getByLabel('我同意将银行账号仅用于核验身份').check()
    await press(page, '发送短信验证')
    expect(await page.locator(':focus').getAttribute('id')).toBe('smsCode')
    const box = await page.locator('#smsCode').boundingBox()
    const notice = await page.locator('.notice').boundingBox()
    expect(notice?.y).toBeGreaterThanOrEqual(0)
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(740)
    await page.context().close()
  })
})

describe('an answer that is not a page of this form', () => {
  async function filledIn() {
    const page = await opened(`${platform.issuer}/register`)
    await field(page, '用户名').fill(samplePerson().username)
    await field(page, '密码').fill(password)
    return page
  }

  test('a network failure keeps the input and shows a message, and the next press works', async () => {
    const page = await filledIn()
    await page.context().setOffline(true)
    await press(page, '下一步')
    const alert = page.getByRole('alert')
    expect(await alert.textContent()).toContain('请检查网络')
    expect(await isInWindow(page, '.offline')).toBe(true)
    expect(await field(page, '密码').inputValue()).toBe(password)
    expect(await pageProblems(page)).toEqual([])
    await page.context().setOffline(false)
    await press(page, '下一步')
    expect(await focused(page)).toBe('summary')
    expect(await field(page, '密码').inputValue()).toBe(password)
    expect(await page.locator('.offline').count()).toBe(0)
    await page.context().close()
  })

  test('an outage of a store keeps the input and shows its sentence, and the next press works', async () => {
    const page = await filledIn()
    const { redis } = platform.stores
    redis.disconnect()
    await press(page, '下一步')
    const kept = '统一用户平台暂时无法办理，请稍后再试，您填写的内容已保留'
    expect(await page.getByRole('alert').textContent()).toBe(kept)
    expect(await field(page, '密码').inputValue()).toBe(password)
    await redis.connect()
    await press(page, '下一步')
    expect(await focused(page)).toBe('summary')
    expect(await field(page, '密码').inputValue()).toBe(password)
    await page.context().close()
  })

  test.each([
    ['the text of a proxy', { status: 502, contentType: 'text/plain', body: 'Bad Gateway' }],
    ['a foreign page', { status: 500, contentType: 'text/html', body: '<h1>Oops</h1>' }],
  ])(
    '%s is treated like a network failure',
    async (_, answer) => {
      const page = await filledIn()
      await page.route('**/register/*/login', (route) =>
        route.request().method() === 'POST' ? route.fulfill(answer) : route.continue(),
      )
      await press(page, '下一步')
      expect(await page.getByRole('alert').textContent()).toContain('请检查网络')
      expect(await field(page, '密码').inputValue()).toBe(password)
      await page.context().close()
    },
    60_000,
  )

  test('an ended flow shows the page 请重新开始', async () => {
    const page = await filledIn()
    await page.context().clearCookies()
    await press(page, '下一步')
    expect(await heading(page)).toBe('请重新开始')
    expect(await page.title()).toMatch(/^请重新开始/)
    expect(await focused(page)).toBe('main')
    expect(await page.evaluate(() => scrollY)).toBe(0)
    await page.context().close()
  })

  test('an error page replaces the form and the stepper', async () => {
    const page = await filledIn()
    await page.locator('form input[name=token]').evaluate((input) => {
      ;(input as HTMLInputElement).value = 'forged'
    })
    await press(page, '下一步')
    expect(await page.locator('form, nav.stepper').count()).toBe(0)
    expect(await focused(page)).toBe('main')
    expect(await pageProblems(page)).toEqual([])
    await page.context().close()
  })
})

test('several clicks on the button send the form once', async () => {
  const page = await opened(`${platform.issuer}/register`)
  const sent = recordPosts(page)
  await page.locator('main form').evaluate((form) => {
    const next = form.querySelector<HTMLButtonElement>('.buttons button')
    next?.click()
    next?.click()
    next?.click()
  })
  await page.locator('.summary').waitFor()
  expect(sent).toHaveLength(1)
  await page.context().close()
})
