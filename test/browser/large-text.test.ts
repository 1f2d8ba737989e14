import type { Browser, Page } from 'playwright-core'
import { launchChromium } from '../support/chromium.ts'
import { cutOffFields } from '../support/cut-off-fields.ts'
import { everyJourney, filledIn, type Journey, journeyNames } from '../support/every-flow.ts'
import { pageProblems } from '../support/page-problems.ts'
import { type FilledPage, personAtForms } from '../support/person-at-forms.ts'
import { type TestPlatform, testPlatform } from '../support/platform.ts'

/** 长者模式 on a phone: every step of every flow, with all fields refused. */
let platform: TestPlatform
let browser: Browser
let journeys: readonly Journey[]
beforeAll(async () => {
  platform = await testPlatform({ env: { LIMITS_SCALE: '1000' } })
  journeys = everyJourney(platform)
  browser = await launchChromium()
})
afterAll(async () => {
  await browser.close()
  await platform.close()
})

const widths = [360, 320]

/** Renders a page that was fetched without a browser, with the script that groups numbers. */
async function render(page: Page, { url, html }: FilledPage) {
  const body = html.replace(/<html [^>]*lang="([^"]+)"[^>]*>/, '<html lang="$1" class="large">')
  await page.route(url.href, (route) => route.fulfill({ contentType: 'text/html', body }))
  await page.goto(url.href)
  await page.unroute(url.href)
}

/** Returns the form's buttons that do not take the whole width, except those that share it beside a captcha. */
const narrowButtons = (page: Page) =>
  page.locator('main form button:not(.plain, .unseen, .challenge *)').evaluateAll((all) =>
    all
      .filter((button) => {
        const form = button.closest('form')
        return button.clientWidth < 0.9 * (form?.clientWidth ?? 0)
      })
      .map(({ textContent }) => textContent),
  )

test.each(journeyNames)(
  '%s cuts off no field, and its buttons take the whole width',
  async (name) => {
    const journey = journeys.find((each) => each.name === name)
    if (!journey) throw new Error(name)
    const begun = await journey.begin()
    const page = await browser.newPage()
    let { page: shown } = begun
    for (const step of begun.way) {
      const refused = await begun.at.send(shown, {}, step.press)
      // A refused field has a border, which leaves less room for its value.
      await render(page, refused.faults.length ? refused : shown)
      for (const width of widths) {
        await page.setViewportSize({ width, height: 740 })
        expect([step.step, width, await cutOffFields(page)]).toEqual([step.step, width, []])
        expect([step.step, width, await narrowButtons(page)]).toEqual([step.step, width, []])
      }
      expect([step.step, await pageProblems(page)]).toEqual([step.step, []])
      const again = refused.faults.length ? await begun.at.open(shown.url.href) : shown
      const waiting = await filledIn(platform, begun, again, step)
      shown = await begun.at.send(waiting.page, waiting.fields, step.press)
    }
    await page.close()
  },
)

test('the login page and English choices cut off no field', async () => {
  const at = personAtForms()
  const page = await browser.newPage({ viewport: { width: 360, height: 740 } })
  await render(page, await at.open(`${platform.issuer}/account`))
  expect(await cutOffFields(page)).toEqual([])
  await page.goto(`${platform.issuer}/recover/username?lang=en`)
  expect(await cutOffFields(page)).toEqual([])
  await page.goto(`${page.url()}?text=large`)
  expect(await cutOffFields(page)).toEqual([])
  await page.close()
})
