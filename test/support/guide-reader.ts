import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { pageProblems, pageProblemsWithoutScript } from './page-problems.ts'
import { type TestPlatform, testPlatform } from './platform.ts'
import { pressAndWait } from './press-and-wait.ts'

export type Reader = ReturnType<typeof readerAt>

/** A candidate with a narrow phone who does what the guide says, one sentence after the other. */
function readerAt(platform: TestPlatform, browser: Browser, page: Page, script: boolean) {
  const press = (name: string) => pressAndWait(page.getByRole('button', { name, exact: true }))
  return {
    page,
    press,
    follow: (name: string) => page.getByRole('link', { name, exact: true }).click(),
    /** Types into fields by their labels; the captcha with its answer is one of them. */
    async fill(fields: Readonly<Record<string, string>>) {
      for (const [label, value] of Object.entries(fields))
        await page.getByLabel(label, { exact: true }).fill(value)
    },
    choose: (label: string, option: string) =>
      page.getByLabel(label, { exact: true }).selectOption({ label: option }),
    check: (label: string) => page.getByLabel(label, { exact: true }).check(),
    text: async () => (await page.getByRole('main').textContent()) ?? '',
    /** The page has this heading and step, and is good for eyes, keyboards and reading aids. */
    async sees(heading: string) {
      const expected = page.getByRole('heading', { level: 1, name: heading, exact: true })
      // A loaded machine may need longer than the usual half a minute.
      await expected.waitFor({ timeout: 60_000 }).catch(async () => {
        throw new Error(`no heading ${heading}: ${await page.getByRole('main').textContent()}`)
      })
      const found = await (script ? pageProblems(page) : pageProblemsWithoutScript(page, browser))
      expect([heading, found]).toEqual([heading, []])
    },
    /** What stands at the top: the names of all steps, and the current one. */
    async steps() {
      const items = page.getByRole('navigation', { name: '流程' }).locator('li')
      const names = await items.locator('span:not(.number):not(.unseen)').allTextContents()
      const current = page.locator('[aria-current=step] span:not(.number):not(.unseen)')
      return { names, current: await current.textContent() }
    },
    /** 考生服务系统 → its login page here. */
    async toLogin() {
      await page.goto(`${platform.exam.url}/login`)
      await page.getByRole('heading', { level: 1, name: '登录', exact: true }).waitFor()
    },
  }
}

const ways: readonly [string, BrowserContextOptions][] = [
  ['with script', { colorScheme: 'light' }],
  ['without script', { colorScheme: 'dark', javaScriptEnabled: false }],
]

/** The sentences of a part of the guide, each a test; a browser of its own with script, then one without. */
export function describeGuide(
  part: string,
  sentences: (reader: () => Reader, platform: () => TestPlatform) => void,
): void {
  describe.each(ways)(`${part}, %s`, (_, options) => {
    let platform: TestPlatform
    let browser: Browser
    let reader: Reader
    beforeAll(async () => {
      // The minute between two messages is three seconds.
      platform = await testPlatform({ env: { LIMITS_SCALE: '20' } })
      browser = await launchChromium()
      const viewport = { width: 375, height: 667 }
      const page = await (await browser.newContext({ viewport, ...options })).newPage()
      reader = readerAt(platform, browser, page, options.javaScriptEnabled !== false)
    }, 60_000)
    afterAll(async () => {
      await browser.close()
      await platform.close()
    })
    sentences(
      () => reader,
      () => platform,
    )
  })
}
