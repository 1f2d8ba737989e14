import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { enrolled } from '../support/enrolled.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
import { digits, samplePerson } from '../support/people.ts'
import { fixedAnswer, type TestPlatform, testPlatform } from '../support/platform.ts'

let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

const phone = { viewport: { width: 360, height: 740 } }
const label = '签发国家或地区'
const country = (page: Page) => page.locator('#idCountry')
const choose = (page: Page, type: string) =>
  page.getByLabel('证件类型', { exact: true }).selectOption(type)

/** Completes 填写登录信息. */
async function toIdentity(page: Page) {
  const person = samplePerson({
    idType: 'passport',
    idNumber: `FB${digits(6)}`,
    name: 'Maria da Silva',
  })
  await page.goto(`${platform.issuer}/register`)
  await fill(page, '用户名', person.username)
  await fill(page, '密码', person.password)
  await fill(page, '确认密码', person.password)
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
  await fill(page, '验证码', fixedAnswer)
  await press(page, '下一步')
  await page.waitForURL(/\/identity$/)
  return person
}

async function fillIn(page: Page, person: Awaited<ReturnType<typeof toIdentity>>) {
  await fill(page, '姓名', person.name)
  await fill(page, '证件号', person.idNumber)
  await page.getByLabel('男', { exact: true }).check()
  await fill(page, '出生日期', person.birthdate)
}

test('with script 签发国家或地区 is shown for a passport only, and the page has no problems', async () => {
  const page = await browser.newPage(phone)
  const person = await toIdentity(page)
  expect(await country(page).isVisible()).toBe(false)
  await choose(page, 'passport')
  await page.getByLabel(label, { exact: true }).waitFor()
  expect(await pageProblems(page)).toEqual([])
  await fillIn(page, person)
  await press(page, '下一步')
  await page.getByText('请选择护照的签发国家或地区').first().waitFor()
  // The page was replaced by script: the field is still there, for the type that was chosen.
  await page.getByLabel(label, { exact: true }).selectOption({ label: '巴西' })
  await choose(page, 'resident_id')
  expect(await country(page).isVisible()).toBe(false)
  await choose(page, 'passport')
  expect(await country(page).inputValue()).toBe('BRA')
  await page.screenshot({ path: screenshot('with-script'), fullPage: true })
  await press(page, '下一步')
  await page.getByRole('heading', { level: 1, name: '填写验证信息' }).waitFor()
  await page.close()
})

test('without script 签发国家或地区 is always there, and its label says that it is for passports', async () => {
  const context = await browser.newContext({ ...phone, javaScriptEnabled: false })
  const page = await context.newPage()
  const person = await toIdentity(page)
  await page.getByLabel(`${label}（仅护照填写）`, { exact: true }).selectOption('BRA')
  await choose(page, 'passport')
  await fillIn(page, person)
  expect(await pageProblemsWithoutScript(page, browser)).toEqual([])
  await page.screenshot({ path: screenshot('without-script'), fullPage: true })
  await press(page, '下一步')
  await page.getByRole('heading', { level: 1, name: '填写验证信息' }).waitFor()
  await context.close()
})

test('the page takes at most 30 kB and five requests', async () => {
  const page = await browser.newPage(phone)
  await toIdentity(page)
  const { width } = await page.evaluate(() => ({ width: document.documentElement.scrollWidth }))
  expect(width).toBeLessThanOrEqual(360)
  const sizes: number[] = []
  page.on('requestfinished', async (request) => {
    sizes.push((await request.sizes()).responseBodySize)
  })
  await page.reload({ waitUntil: 'networkidle' })
  expect(sizes.length).toBeLessThanOrEqual(5)
  expect(sizes.filter((size) => size > 0).reduce((sum, size) => sum + size, 0)).toBeLessThan(30_000)
  await page.close()
})

test('用户信息 asks for a second code on a page without problems', async () => {
  const page = await browser.newPage(phone)
  const person = await enrolled(platform, {
    ...{ idType: 'passport', idNumber: `FB${digits(6)}`, name: 'Maria da Silva' },
  })
  await page.goto(`${platform.issuer}/account/details`)
  await fill(page, '用户名', person.username)
  await fill(page, '密码', person.password)
  await fill(page, '验证码', fixedAnswer)
  await press(page, '登录')
  await page.getByLabel('姓名', { exact: true }).fill('Maria Pereira')
  await page.getByLabel('手机号码', { exact: true }).fill(samplePerson().phone)
  await press(page, '发送短信验证')
  await page.getByLabel('原手机号码短信验证码', { exact: true }).waitFor()
  await press(page, '向原手机号码发送短信验证')
  await page
    .getByText(`${person.phone.slice(0, 3)}****${person.phone.slice(-4)}`)
    .last()
    .waitFor()
  expect(await pageProblems(page)).toEqual([])
  await page.screenshot({ path: screenshot('old-phone'), fullPage: true })
  await page.close()
})

const screenshot = (name: string) => `/tmp/issuing-country-${name}.png`
