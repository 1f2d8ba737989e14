import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { acr } from '../../config/acr.ts'
import {
  callback,
  credentials,
  relyingParty,
  type SsoPlatform,
  ssoPlatform,
} from '../sso/platform.ts'
import { launchChromium } from '../support/chromium.ts'
import { pressAndWait } from '../support/form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
import { digits } from '../support/people.ts'

let browser: Browser
let platform: SsoPlatform
beforeAll(async () => {
  platform = await ssoPlatform()
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

const narrow = { viewport: { width: 375, height: 667 } }
const ways = {
  'with script': narrow,
  'without script': { ...narrow, javaScriptEnabled: false },
  'in dark colours': { ...narrow, colorScheme: 'dark' },
} as const satisfies Record<string, BrowserContextOptions>
type Way = keyof typeof ways

/** Registers a person with a narrow phone, who opens each authorization request in a new tab. */
async function newPerson(way: Way) {
  const phone = `13${digits(9)}`
  const username = `user${digits(8)}`
  await platform.register({
    username,
    phone: `+86${phone}`,
    document: { type: 'passport', number: `E${digits(8)}` },
  })
  const context = await browser.newContext(ways[way])

  return {
    phone,
    username,
    close: () => context.close(),
    async open(id: 'lender' | 'exam', params: Record<string, string>): Promise<Page> {
      const page = await context.newPage()
      const { ask } = await relyingParty(platform.issuer, id)
      await page.goto((await ask(params)).url)
      return page
    },
    /** Signs in on the login page. The client's address, which may follow, does not exist. */
    async signIn(page: Page): Promise<void> {
      await page.locator('#username').fill(username)
      await page.locator('#password').fill(credentials.password)
      await page.locator('#captcha').fill(credentials.captcha)
      await page.locator('.buttons button[value=next]').click()
    },
    look: (page: Page) =>
      way === 'without script' ? pageProblemsWithoutScript(page, browser) : pageProblems(page),
  }
}

const headingOf = (page: Page) => page.getByRole('heading', { level: 1 })
const press = (page: Page, value: string) =>
  pressAndWait(page.locator(`.buttons button[value=${value}]`))

/** Waits for the redirect to the client. */
const arrives = (page: Page) => page.waitForRequest((request) => request.url().startsWith(callback))

const consentFor = {
  scope: 'openid offline_access profile phone verified_identity',
  prompt: 'consent',
  claims: JSON.stringify({
    userinfo: {
      verified_claims: {
        verification: { trust_framework: null },
        claims: { over_18: { purpose: '核实您已成年，可以申请贷款' } },
      },
    },
  }),
}

describe.each(Object.keys(ways) as Way[])('on a narrow phone %s', (way) => {
  test.each([
    ['zh-CN', '授权'],
    ['en', 'Permission'],
  ])('授权 is accessible and can be answered, in %s', async (ui_locales, title) => {
    const { open, signIn, look, close } = await newPerson(way)
    const page = await open('lender', { ...consentFor, ui_locales })
    await signIn(page)
    await headingOf(page).getByText(title).waitFor()
    expect(await look(page)).toEqual([])
    // All optional claims are ticked at first.
    for (const box of await page.getByRole('checkbox').all())
      expect(await box.isChecked()).toBe(true)
    expect(await page.getByRole('group').count()).toBe(4)
    await page.getByRole('checkbox').first().uncheck()
    await Promise.all([arrives(page), press(page, 'next')])
    await close()
  })

  test.each([
    ['zh-CN', '选择账户'],
    ['en', 'Choose an account'],
  ])(
    '选择账户 is accessible and continues with the same account, in %s',
    async (ui_locales, title) => {
      const { open, signIn, look, close, username } = await newPerson(way)
      const first = await open('exam', {})
      await Promise.all([arrives(first), signIn(first)])
      const page = await open('exam', { prompt: 'select_account', ui_locales })
      expect(await headingOf(page).textContent()).toBe(title)
      expect(await page.getByRole('main').textContent()).toContain(username)
      expect(await look(page)).toEqual([])
      await Promise.all([arrives(page), press(page, 'same')])
      await close()
    },
  )

  test.each([
    ['zh-CN', '验证身份'],
    ['en', 'Show that it is you'],
  ])('验证身份 by SMS and by a bank is accessible, in %s', async (ui_locales, title) => {
    const { open, signIn, look, close, phone } = await newPerson(way)
    const page = await open('exam', { acr_values: acr.sms, ui_locales })
    await signIn(page)
    await headingOf(page).getByText(title).waitFor()
    expect(await look(page)).toEqual([])
    await page.locator('button[value=send]').click()
    await page.locator('.send .notice').waitFor()
    const code = await platform.codeFor(phone)
    await page.locator('#smsCode').fill(code === '000000' ? '000001' : '000000')
    await press(page, 'next')
    await page.locator('.summary').waitFor()
    expect(await look(page)).toEqual([])
    await page.locator('#smsCode').fill(code)
    await Promise.all([arrives(page), press(page, 'next')])

    const bank = await open('exam', { acr_values: acr.bank, ui_locales })
    expect(await headingOf(bank).textContent()).toBe(title)
    expect(await look(bank)).toEqual([])
    await press(bank, 'next')
    await bank.locator('.summary').waitFor()
    expect(await bank.locator('.summary li').count()).toBeGreaterThan(2)
    expect(await look(bank)).toEqual([])
    await close()
  })
})
