import type { Browser, BrowserContextOptions, Locator, Page, Request } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { pageProblems } from '../support/page-problems.ts'
import { samplePerson } from '../support/people.ts'
import { personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { loginFields } from '../support/registering.ts'

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
const desk = { viewport: { width: 1280, height: 800 } }

async function opened(options: BrowserContextOptions, path: string, query = '') {
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(platform.issuer + path)
  if (query) await page.goto(page.url() + query)
  return page
}

/** Opens the second page of a registration that began at the exam service. */
async function secondStep(options: BrowserContextOptions): Promise<Page> {
  const at = personAtForms()
  const login = await at.open(`${platform.exam.url}/register`)
  const { url, html } = await at.send(login, loginFields(samplePerson()))
  const page = await (await browser.newContext(options)).newPage()
  await page.route(url.href, (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await page.goto(url.href)
  return page
}

// biome-ignore lint/performance/useDomNodeTextContent: what is hidden is not meant
const seen = (part: Locator) => part.innerText()

const edge = async (page: Page, selector: string) => {
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`${selector} is not seen`)
  return box
}

test.each<[string, BrowserContextOptions, string]>([
  ['on a phone', phone, ''],
  ['on a narrow phone', { viewport: { width: 320, height: 640 } }, ''],
  ['on a narrow phone in larger text', { viewport: { width: 320, height: 640 } }, '?text=large'],
  ['in English, dark', { ...phone, colorScheme: 'dark' }, '?lang=en'],
  ['on a desk in forced colours', { ...desk, forcedColors: 'active' }, ''],
])('the header shows the office, help, language and text size %s', async (_, options, query) => {
  const page = await opened(options, '/register', query)
  const header = page.locator('header.frame')
  expect(
    await header.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth),
  ).toBeGreaterThan(0)
  expect(await header.textContent()).toContain('样例市人社局（体验环境）')
  const links = await header
    .locator('nav a')
    .evaluateAll((all) => all.map((a) => a.getAttribute('href')))
  expect(links).toEqual([
    '/help',
    expect.stringMatching(/^\?lang=/),
    expect.stringMatching(/^\?text=/),
  ])
  expect(await pageProblems(page)).toEqual([])
  await page.context().close()
})

test('the contacts in the footer are links', async () => {
  const page = await opened(phone, '/')
  const addresses = page.locator('footer a.contact')
  expect(await addresses.evaluateAll((all) => all.map((a) => a.getAttribute('href')))).toEqual([
    'tel:075512333',
    'tel:075588100099',
    'mailto:ksykwb@hrss.sz.gov.cn',
  ])
  await page.context().close()
})

test('a phone shows the name of the step once, its number above it, and no panel', async () => {
  const page = await secondStep(phone)
  const text = await seen(page.locator('body'))
  expect(text).toMatch(/个人用户注册\s+第 2 步，共 4 步\s+填写身份信息/)
  expect(text).toContain('来自：考生服务系统')
  expect(text).not.toContain('正在登录')
  const named = page.getByText('填写身份信息')
  const sizes = await named.evaluateAll((all) =>
    all.map((each) => each.getBoundingClientRect().width),
  )
  expect(sizes.filter((width) => width > 1)).toHaveLength(1)
  // Screen readers still get the list of all steps.
  expect(
    await page
      .getByRole('listitem')
      .filter({ hasText: '填写身份信息' })
      .getAttribute('aria-current'),
  ).toBe('step')
  expect(await page.getByRole('complementary').count()).toBe(0)
  expect(await pageProblems(page)).toEqual([])
  await page.context().close()
})

test('a wide screen shows steps, what to prepare and contacts beside the form', async () => {
  const page = await secondStep(desk)
  const form = await edge(page, 'main form')
  for (const selector of ['.stepper', '.panel']) {
    const box = await edge(page, selector)
    expect([selector, box.x > form.x + form.width, box.y < 700]).toEqual([selector, true, true])
  }
  expect((await edge(page, '.stepper')).y).toBeLessThan(200)
  const panel = page.getByRole('complementary', { name: '办理提示' })
  expect(await panel.getByRole('heading').allTextContents()).toEqual(['请准备', '需要帮助？'])
  expect(await seen(panel)).toContain('本人的借记卡或深圳金融社保卡')
  expect(await panel.getByRole('link').count()).toBe(4)
  expect(await pageProblems(page)).toEqual([])
  await page.context().close()
})

test('the first page of a registration says once what to prepare, in both widths', async () => {
  const page = await opened(desk, '/register')
  const said = async () => (await seen(page.locator('body'))).match(/深圳农村商业银行/g)
  expect(await seen(page.getByRole('complementary'))).toContain('可用的银行：建设银行、')
  expect(await said()).toHaveLength(1)
  await page.setViewportSize(phone.viewport)
  expect(await seen(page.getByRole('main'))).toContain('注册前请准备')
  expect(await said()).toHaveLength(1)
  await page.context().close()
})

test.each<[string, BrowserContextOptions]>([
  ['in dark colours', { ...desk, colorScheme: 'dark' }],
  ['in forced colours', { ...desk, forcedColors: 'active' }],
  ['at the narrowest width that has a panel', { viewport: { width: 1024, height: 700 } }],
])('the wide page in larger text has no problems %s', async (_, options) => {
  const page = await opened(options, '/register/organisation', '?text=large')
  expect(await page.locator('.panel').isVisible()).toBe(true)
  expect(await pageProblems(page)).toEqual([])
  await page.context().close()
})

test('a flow with a single step has no stepper, and only the login is called 正在登录', async () => {
  const page = await opened(phone, '/account')
  expect(await page.locator('.stepper, .place').count()).toBe(0)
  expect(await seen(page.locator('header'))).toContain('正在登录：用户信息维护')
  await page.goto(`${platform.issuer}/register`)
  expect(await seen(page.locator('body'))).not.toContain('正在登录')
  await page.context().close()
})

test('the login page takes at most 30 kB and five requests, the emblem included', async () => {
  const page = await (await browser.newContext(phone)).newPage()
  const finished: Request[] = []
  page.on('requestfinished', (request) => finished.push(request))
  const before = platform.lines.length
  await page.goto(`${platform.issuer}/account`, { waitUntil: 'networkidle' })
  const sizes = await Promise.all(finished.map((request) => request.sizes()))
  // A response from the browser's cache has a negative size.
  const wire = sizes.map(({ responseBodySize }) => Math.max(0, responseBodySize))
  expect(wire.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(30_000)
  const answered = platform.lines.slice(before).map((line) => JSON.parse(line))
  const paths = answered.filter(({ msg, status }) => msg === 'request' && status === 200)
  expect(paths.map(({ path }) => path).sort()).toEqual([
    expect.stringMatching(/^\/assets\/emblem\.svg$/),
    expect.stringMatching(/^\/assets\//),
    expect.stringMatching(/^\/assets\//),
    expect.stringMatching(/^\/captcha\//),
    expect.stringMatching(/^\/interaction\//),
  ])
  await page.context().close()
})
