import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { continueInChromium } from '../support/continue-in-chromium.ts'
import { type Begun, everyJourney, journeyNames, type Way } from '../support/every-flow.ts'
import { pageProblems } from '../support/page-problems.ts'
import type { FilledPage } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'
import { pressAndWait } from '../support/press-and-wait.ts'

let platform: TestPlatform
let browser: Browser
beforeAll(async () => {
  platform = await testPlatform()
  browser = await launchChromium()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await platform.close()
})

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.className)
const topOf = (page: Page, selector: string) =>
  page
    .locator(selector)
    .last()
    .evaluate((element) => element.getBoundingClientRect().top)

/** Whether all of the element is inside the window. */
const isSeen = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const { top, bottom, height } = element.getBoundingClientRect()
    return height > 0 && top >= 0 && bottom <= innerHeight
  })

/** Where the main button stands in each frame from the moment when the answer is on the page, each place once. */
const placesOfNext = (page: Page): Promise<number[]> =>
  // As text: the compiler's helpers for named functions are not in the browser.
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

/** Every POST from now on. */
function posts(page: Page) {
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url())
  })
  return sent
}

/** Types what belongs into the fields of a step; a field without a place on this page is left out. */
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

/** A person without script comes to the step where a code is sent. */
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

describe.each(sendsCode)('发送短信验证 of %s', (name) => {
  const begin = async () => {
    const journey = everyJourney(platform).find((each) => each.name === name)
    if (!journey) throw new Error(name)
    const begun = await journey.begin()
    return { begun, ...(await toCode(begun)) }
  }

  test('stays where it is, keeps all fields, shows the notice, and goes on in the code field', async () => {
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
    const sent = posts(page)
    const places = placesOfNext(page)
    await pressAndWait(button(page, '发送短信验证'))
    // Whoever presses it at once does not miss it.
    expect(await places).toHaveLength(1)
    await page.locator('.notice').getByText('短信已发送').waitFor()
    expect(sent).toHaveLength(1)
    expect(await values()).toEqual(typed)
    expect(await focused(page)).toBe('smsCode')
    expect(await isSeen(page, '.notice')).toBe(true)
    expect(await isSeen(page, '#smsCode')).toBe(true)
    // It moves only as far as it must to show the field.
    expect(await topOf(page, 'button[value=send]')).toBeLessThanOrEqual(top + 1)
    expect(await button(page, '发送短信验证').isDisabled()).toBe(true)
    expect(await pageProblems(page)).toEqual([])
    await page.context().close()
  }, 60_000)
})
