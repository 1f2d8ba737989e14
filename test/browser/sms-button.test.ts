import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { continueInChromium } from '../support/continue-in-chromium.ts'
import { type Begun, everyJourney, journeyNames, type Way } from '../support/every-flow.ts'
import { focused, isInWindow, pressAndWait, recordPosts } from '../support/form-actions.ts'
import { pageProblems } from '../support/page-problems.ts'
import type { FilledPage } from '../support/person-at-forms.ts'
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

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const topOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .last()
    .evaluate((element) => element.getBoundingClientRect().top)

/** Returns the distinct positions of the main button in the frames after the answer is inserted. */
const positionsOfNext = (page: Page): Promise<number[]> =>
  // The code is a text because the browser does not have the compiler's helpers for named functions.
  page.evaluate(`(async () => {
    const frame = () => new Promise((next) => requestAnimationFrame(next))
    const isBusy = () => document.querySelector('main[aria-busy]') !== null
    while (!isBusy()) await frame()
    while (isBusy()) await frame()
    const places = new Set()
    for (let n = 0; n < 40; n += 1) {
      const shown = [...document.querySelectorAll('main button[value=next]:not(.unseen)')].at(-1)
      places.add(Math.round(shown.getBoundingClientRect().top))
      await frame()
    }
    return [...places]
  })()`)

/** Fills in the fields of a step that are on this page. */
async function type(page: Page, { fields }: Way) {
  for (const [name, value] of Object.entries(fields)) {
    const input = page.locator(`main form [name="${name}"]`).first()
    if (name === 'captcha' || !(await input.isVisible())) continue
    if (await input.evaluate((element) => element.matches('select')))
      await input.selectOption(value)
    else if (await input.evaluate((element) => element.matches('[type=checkbox]')))
      await input.check()
    else await input.fill(value)
  }
}

/** Goes, without a script, up to the step that sends a code. */
async function toCode({ at, page, way }: Begun): Promise<{ page: FilledPage; step: Way }> {
  let here = page
  for (const step of way) {
    if (step.code) return { page: here, step }
    here = await at.send(here, step.fields, step.press)
  }
  throw new Error('no step of this way sends a code')
}

const sendsCode = journeyNames.filter(
  (name) => !['找回密码, by questions', '密码管理', '密保工具'].includes(name),
)

describe.each(sendsCode)('发送短信验证 in %s', (name) => {
  const begin = async () => {
    const journey = everyJourney(platform).find((each) => each.name === name)
    if (!journey) throw new Error(name)
    const begun = await journey.begin()
    return { begun, ...(await toCode(begun)) }
  }

  test('keeps its position and all fields, shows the notice and moves the focus to the code field', async () => {
    const { begun, page: before, step } = await begin()
    const page = await continueInChromium(browser, begun.at, before)
    await type(page, step)
    const values = () =>
      page
        .locator('main form')
        .first()
        .evaluate((form) =>
          [...(form as HTMLFormElement).elements]
            .filter((e) => e.id && (e as HTMLInputElement).type !== 'hidden')
            .map((e) => [e.id, (e as HTMLInputElement).value, (e as HTMLInputElement).checked]),
        )
    await button(page, '发送短信验证').scrollIntoViewIfNeeded()
    const typed = await values()
    const top = await topOf(page, 'button[value=send]')
    const sent = recordPosts(page)
    const positions = positionsOfNext(page)
    await pressAndWait(button(page, '发送短信验证'))
    // The main button does not move, so an immediate press hits it.
    expect(await positions).toHaveLength(1)
    await page.locator('.notice').getByText('短信已发送').waitFor()
    expect(sent).toHaveLength(1)
    expect(await values()).toEqual(typed)
    expect(await focused(page)).toBe('smsCode')
    expect(await isInWindow(page, '.notice')).toBe(true)
    expect(await isInWindow(page, '#smsCode')).toBe(true)
    // The page scrolls only as far as needed to show the code field.
    expect(await topOf(page, 'button[value=send]')).toBeLessThanOrEqual(top + 1)
    expect(await button(page, '发送短信验证').isDisabled()).toBe(true)
    expect(await pageProblems(page)).toEqual([])
    await page.context().close()
  })
})
