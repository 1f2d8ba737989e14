import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchChromium } from './chromium.ts'
import { pressAndWait } from './form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from './page-problems.ts'
import { type TestPlatform, testPlatform } from './platform.ts'

export type Reader = ReturnType<typeof readerAt>

/**
 * A candidate with a narrow phone who follows the guide sentence by sentence.
 * @param checked the pages whose accessibility has been checked, which takes as long as all else
 */
function readerAt(
  platform: TestPlatform,
  browser: Browser,
  page: Page,
  script: boolean,
  checked: Set<string>,
) {
  const press = (name: string) => pressAndWait(page.getByRole('button', { name, exact: true }))
  return {
    page,
    press,
    follow: (name: string) => page.getByRole('link', { name, exact: true }).click(),
    /** Types into fields by their labels. */
    async fill(fields: Readonly<Record<string, string>>) {
      for (const [label, value] of Object.entries(fields))
        await page.getByLabel(label, { exact: true }).fill(value)
    },
    choose: (label: string, option: string) =>
      page.getByLabel(label, { exact: true }).selectOption({ label: option }),
    check: (label: string) => page.getByLabel(label, { exact: true }).check(),
    text: async () => (await page.getByRole('main').textContent()) ?? '',
    /** Expects this heading, and the first time a page without accessibility problems. */
    async sees(heading: string) {
      const expected = page.getByRole('heading', { level: 1, name: heading, exact: true })
      // A loaded machine can need longer than the default half minute.
      await expected.waitFor({ timeout: 60_000 }).catch(async () => {
        throw new Error(`no heading ${heading}: ${await page.getByRole('main').textContent()}`)
      })
      const state = `${script} ${heading} ${await page.locator('main .summary').count()}`
      if (checked.has(state)) return
      checked.add(state)
      const found = await (script ? pageProblems(page) : pageProblemsWithoutScript(page, browser))
      expect([heading, found]).toEqual([heading, []])
    },
    /** Returns the names of all steps and of the current one, as the stepper shows them. */
    async steps() {
      const items = page.getByRole('navigation', { name: '流程' }).locator('li')
      const names = await items.locator('span:not(.number):not(.unseen)').allTextContents()
      const current = page.locator('[aria-current=step] span:not(.number):not(.unseen)')
      return { names, current: await current.textContent() }
    },
    /** Goes from 考生服务系统 to the platform's login page. */
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

/**
 * Starts the platform and Chromium for a file, and returns a function that describes a part of the guide, a test for each
 * sentence. The part runs twice: with script and without.
 */
export function guide() {
  let platform: TestPlatform
  let browser: Browser
  const checked = new Set<string>()
  beforeAll(async () => {
    // With this scale the minute between two messages takes three seconds.
    platform = await testPlatform({ env: { LIMITS_SCALE: '20' } })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    await platform.close()
  })
  return (
    part: string,
    sentences: (reader: () => Reader, platform: () => TestPlatform) => void,
  ): void => {
    describe.each(ways)(`${part}, %s`, (_, options) => {
      let reader: Reader
      beforeAll(async () => {
        const viewport = { width: 375, height: 667 }
        const page = await (await browser.newContext({ viewport, ...options })).newPage()
        reader = readerAt(platform, browser, page, options.javaScriptEnabled !== false, checked)
      })
      sentences(
        () => reader,
        () => platform,
      )
    })
  }
}
