import type { Browser, BrowserContextOptions } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { pageProblems } from '../support/page-problems.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

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

test.each<[string, BrowserContextOptions, string]>([
  ['on a phone', phone, ''],
  ['in larger text, 320 px wide', { viewport: { width: 320, height: 640 } }, '?text=large'],
  ['in English and dark colours', { ...phone, colorScheme: 'dark' }, '?lang=en'],
])(
  'an unknown address links to the home page, and that to 单位用户注册, %s',
  async (_, options, query) => {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    await page.goto(platform.issuer + (query || '/'))
    const response = await page.goto(`${platform.issuer}/no/such/page`)
    expect(response?.status()).toBe(404)
    expect(await pageProblems(page)).toEqual([])
    await page.getByRole('main').getByRole('link').click()
    expect(new URL(page.url()).pathname).toBe('/')
    expect(await pageProblems(page)).toEqual([])
    await page.locator('main a[href="/register/organisation"]').click()
    await page.waitForURL(/\/register\/organisation\/[\w-]+\/login$/)
    await context.close()
  },
)
