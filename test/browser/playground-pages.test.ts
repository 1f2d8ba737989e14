import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { fill, press } from '../support/form-actions.ts'
import { pageProblems, pageProblemsWithoutScript } from '../support/page-problems.ts'
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

/** Returns the boxes whose content is wider than the box and cannot be scrolled. */
const overflowingBoxes = (page: Page) =>
  page
    .locator('main :is(pre, dd, p, summary)')
    .evaluateAll((boxes) =>
      boxes
        .filter(
          (box) => box.scrollWidth > box.clientWidth && getComputedStyle(box).overflowX !== 'auto',
        )
        .map((box) => box.outerHTML.slice(0, 80)),
    )

test('the playground explains a refusal on a phone in both languages', async () => {
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
  for (const [lang, send, words] of [
    ['zh-CN', '发出请求', '去掉 prompt=none 再发一次，让平台显示页面。'],
    ['en', 'Send', 'Send the request again without prompt=none'],
  ] as const) {
    await page.goto(`${beside.baseUrl}/?lang=${lang}`)
    await page.locator('#prompt').selectOption('none')
    await press(page, send)
    await page.getByRole('status').getByText(words).waitFor()
    expect([lang, await pageProblems(page), await overflowingBoxes(page)]).toEqual([lang, [], []])
  }
  await page.close()
})

test.each([
  ['with script', { javaScriptEnabled: true, colorScheme: 'light' }],
  ['without script, in dark colours', { javaScriptEnabled: false, colorScheme: 'dark' }],
] as const)(
  'a developer chooses parameters, corrects a mistake and sees every step, %s',
  async (_, options) => {
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, ...options })
    const page = await context.newPage()
    const look = async (at: string) => {
      const { javaScriptEnabled: scripted } = options
      const found = scripted
        ? await pageProblems(page)
        : await pageProblemsWithoutScript(page, browser)
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
    for (const closed = page.locator('details:not([open]) > summary'); await closed.count(); )
      await closed.first().click()
    await look('each step, with everything open')
    expect(await overflowingBoxes(page)).toEqual([])
    expect(await page.getByRole('main').textContent()).toContain(`"name": "${person.name}"`)
    await context.close()
  },
  60_000,
)
