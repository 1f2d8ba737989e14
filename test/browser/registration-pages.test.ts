import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
import { type SamplePerson, samplePerson } from '../support/people.ts'
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

const phone = { viewport: { width: 320, height: 640 } }

/** Goes from 考生服务系统 through registration and 登录 back to 考生服务系统. `look` checks every page. */
async function story(page: Page, person: SamplePerson, look: (at: string) => Promise<void>) {
  await platform.issueCard(person)
  await page.goto(platform.exam.url)
  await look('考生服务系统')
  await page.getByText('立即注册').click()
  await page.waitForURL(/\/register\/[\w-]+\/login$/)

  await press(page, '下一步')
  await look('填写登录信息, with errors')
  expect(await page.title()).toMatch(/^错误：填写登录信息/)
  await fill(page, '用户名', person.username)
  await fill(page, '密码', person.password)
  await fill(page, '确认密码', person.password)
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
  await fill(page, '验证码', fixedAnswer)
  await press(page, '下一步')

  await look('填写身份信息')
  expect(await page.locator('[aria-current=step]').textContent()).toContain('填写身份信息')
  await fill(page, '姓名', person.name)
  await page.getByLabel('证件类型').selectOption({ label: '居民身份证' })
  await fill(page, '证件号', person.idNumber)
  await page.getByLabel('男', { exact: true }).check()
  await fill(page, '出生日期', person.birthdate)
  await press(page, '下一步')

  await look('填写验证信息')
  await page.getByLabel('银行', { exact: true }).selectOption(person.bank)
  await page.getByLabel('我同意将银行账号仅用于核验身份').check()
  await fill(page, '银行账号', person.account)
  await fill(page, '手机号码', person.phone)
  await press(page, '发送短信验证')
  await look('填写验证信息, code sent')
  await fill(page, '短信验证码', await platform.codeFor(person.phone))
  await press(page, '下一步')

  await look('注册成功')
  expect(await page.getByRole('main').textContent()).toContain('可以关闭本页面')
  await page.getByRole('link', { name: '返回业务系统登录' }).click()
  await look('登录')
  await fill(page, '用户名', person.username)
  await fill(page, '密码', person.password)
  await fill(page, '验证码', fixedAnswer)
  await press(page, '登录')

  await page.waitForURL(`${platform.exam.url}/**`)
  await look('考生服务系统, signed in')
  expect(await page.getByRole('main').textContent()).toContain(person.name)
}

test.each<[string, BrowserContextOptions]>([
  ['with script, in light colours', { ...phone, colorScheme: 'light' }],
  ['without script, in dark colours', { ...phone, colorScheme: 'dark', javaScriptEnabled: false }],
  ['with script, on a desktop', { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' }],
  // A zoom of 200 % halves the CSS pixels of a window of 1280.
  ['zoomed to 200 %', { viewport: { width: 640, height: 400 }, forcedColors: 'active' }],
])(
  'a candidate registers and signs in %s',
  async (_, options) => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    const blocked: string[] = []
    page.on('console', (said) => {
      if (said.type() === 'error' && !said.text().includes('422')) blocked.push(said.text())
    })
    const person = samplePerson({ name: '𠮷䶮·阿依古丽' })
    const looked = () =>
      options.javaScriptEnabled === false
        ? pageProblemsWithoutScript(page, browser)
        : pageProblems(page)
    await story(page, person, async (at) => expect([at, await looked()]).toEqual([at, []]))
    expect(blocked).toEqual([])
    await context.close()
  },
  120_000,
)

test('English and larger text stay chosen on later pages', async () => {
  const context = await browser.newContext(phone)
  const page = await context.newPage()
  await page.goto(`${platform.issuer}/register`)
  await page.getByRole('link', { name: '长者模式' }).click()
  await page.getByRole('link', { name: '标准模式' }).waitFor()
  await page.getByRole('link', { name: 'English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sign-in details', exact: true }).waitFor()
  expect(await pageProblems(page)).toEqual([])
  await page.goto(`${platform.issuer}/register`)
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe(
    '24px',
  )
  await press(page, 'Continue')
  expect(await page.title()).toMatch(/^Error: /)
  expect(await pageProblems(page)).toEqual([])
  await context.close()
})

test('the first page can be completed by keyboard, and Enter continues', async () => {
  const context = await browser.newContext({ ...phone, javaScriptEnabled: false })
  const page = await context.newPage()
  const person = samplePerson()
  await page.goto(`${platform.issuer}/register`)
  const type = async (text: string) => {
    await page.keyboard.press('Tab')
    await page.keyboard.type(text)
  }
  await page.getByLabel('用户名', { exact: true }).focus()
  await page.keyboard.type(person.username)
  await type(person.password)
  await type(person.password)
  await type(' ')
  // Two links in the label of the checkbox come next in the tab order.
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await type(fixedAnswer)
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/identity$/)
  expect(await page.locator('h1').textContent()).toBe('填写身份信息')
  await context.close()
})

test('换一张 keeps a typed password where script runs', async () => {
  const page = await browser.newPage()
  await page.goto(`${platform.issuer}/register`)
  await fill(page, '密码', 'typed before')
  const picture = page.locator('.challenge img')
  const before = await picture.getAttribute('src')
  await press(page, '换一张')
  await page.waitForFunction(
    (old) => document.querySelector('.challenge img')?.getAttribute('src') !== old,
    before,
  )
  expect(await page.getByLabel('密码', { exact: true }).inputValue()).toBe('typed before')
  await press(page, '听验证码')
  await page.waitForSelector('audio')
  await page.close()
})

test('reloading a refused form or returning to it sends nothing again', async () => {
  const page = await browser.newPage({ viewport: phone.viewport })
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url())
  })
  const person = samplePerson()
  await page.goto(`${platform.issuer}/register`)
  await fill(page, '用户名', person.username)
  await press(page, '下一步')
  await page.waitForURL(/\/login$/)
  expect(await page.title()).toMatch(/^错误：填写登录信息/)
  await page.reload()
  expect(await page.title()).toMatch(/^填写登录信息/)
  expect(await page.getByLabel('用户名', { exact: true }).inputValue()).toBe(person.username)
  expect(sent).toHaveLength(1)

  await press(page, '下一步')
  await fill(page, '密码', person.password)
  await fill(page, '确认密码', person.password)
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
  await fill(page, '验证码', fixedAnswer)
  await press(page, '下一步')
  await page.waitForURL(/\/identity$/)
  await page.goBack()
  await page.waitForURL(/\/login$/)
  expect(await page.title()).toMatch(/^填写登录信息/)
  expect(sent).toHaveLength(3)
  await page.close()
})

test('larger text and another language keep the input', async () => {
  const page = await browser.newPage({ viewport: phone.viewport })
  const person = samplePerson()
  await page.goto(`${platform.issuer}/register`)
  await fill(page, '用户名', person.username)
  await fill(page, '密码', person.password)
  await page.getByRole('link', { name: '长者模式' }).click()
  await page.getByRole('link', { name: '标准模式' }).waitFor()
  expect(await page.getByLabel('用户名', { exact: true }).inputValue()).toBe(person.username)
  expect(await page.getByLabel('密码', { exact: true }).inputValue()).toBe('')
  await fill(page, '密码', person.password)
  await fill(page, '确认密码', person.password)
  await page.getByLabel('我已阅读并同意用户协议和隐私政策', { exact: true }).check()
  await fill(page, '验证码', fixedAnswer)
  await press(page, '下一步')
  await page.getByLabel('证件类型').selectOption({ label: '护照' })
  await fill(page, '证件号', 'E1234')
  await page.getByRole('link', { name: 'English' }).click()
  await page.getByRole('heading', { name: 'Who you are' }).waitFor()
  expect(await page.locator('#idType').inputValue()).toBe('passport')
  expect(await page.getByLabel('Document number').inputValue()).toBe('E1234')
  expect(await pageProblems(page)).toEqual([])
  await page.close()
})

test.each([
  ['registration', () => `${platform.issuer}/register/`],
  ['login', () => `${platform.exam.url}/login`],
])(
  'the page of %s takes at most 30 kB and five requests',
  async (_, address) => {
    const context = await browser.newContext(phone)
    const page = await context.newPage()
    const finished: Request[] = []
    page.on('requestfinished', (request) => finished.push(request))
    await page.goto(address(), { waitUntil: 'networkidle' })
    expect(await page.locator('#captcha').count()).toBe(1)
    const sizes = await Promise.all(finished.map((request) => request.sizes()))
    // A response from the browser's cache, such as the emblem for the tab, has a negative size.
    const wire = sizes.map(({ responseBodySize }) => responseBodySize).filter((size) => size >= 0)
    expect(wire.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(30_000)
    // A redirect does not count as a request of the page at its end.
    const redirects = finished.filter((request) => request.redirectedTo())
    expect(wire.length - redirects.length).toBeLessThanOrEqual(5)
    expect(wire.length - redirects.length).toBeGreaterThan(1)
    await context.close()
  },
  60_000,
)
