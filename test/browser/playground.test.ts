import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { complaints, complaintsWithoutScript } from '../support/looking.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { fixedAnswer } from '../support/platform.ts'
import { playgroundBesidePlatform } from '../support/playground.ts'
import { register } from '../support/registering.ts'

let beside: Awaited<ReturnType<typeof playgroundBesidePlatform>>
let browser: Browser
let person: SamplePerson
beforeAll(async () => {
  beside = await playgroundBesidePlatform()
  person = samplePerson()
  await register(beside.platform, personAtForms(), person)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser?.close()
  await beside?.close()
})

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()
const fill = (page: Page, label: string, value: string) =>
  page.getByLabel(label, { exact: true }).fill(value)

test.each([
  ['with script, in Chinese', { javaScriptEnabled: true, colorScheme: 'light' }],
  ['without script, in the dark', { javaScriptEnabled: false, colorScheme: 'dark' }],
] as const)(
  'a developer chooses, mends a mistake, and sees: %s',
  async (_, options) => {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, ...options })
    const page = await context.newPage()
    const look = async (at: string) => {
      const { javaScriptEnabled: scripted } = options
      const found = scripted ? await complaints(page) : await complaintsWithoutScript(page, browser)
      expect([at, found]).toEqual([at, []])
    }
    await page.goto(beside.baseUrl)
    await look('the form')
    await fill(page, 'claims 参数（JSON）', '{')
    await press(page, '发出请求')
    await look('the form, with an error')
    await fill(page, 'claims 参数（JSON）', '{"id_token":{"name":null}}')
    await page.getByLabel('提示（prompt）', { exact: true }).selectOption('consent')
    await press(page, '发出请求')
    await fill(page, '用户名', person.username)
    await fill(page, '密码', person.password)
    await fill(page, '验证码', fixedAnswer)
    await press(page, '登录')
    await page.locator('button[value=next]').last().click()
    await page.getByRole('heading', { name: '每一步的请求和应答' }).waitFor()
    await look('each step')
    expect(await page.getByRole('main').textContent()).toContain(`"name": "${person.name}"`)
    await context.close()
  },
  60_000,
)
