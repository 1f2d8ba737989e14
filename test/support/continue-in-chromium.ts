import type { Browser, BrowserContextOptions } from 'playwright-core'
import type { FilledPage, personAtForms } from './person-at-forms.ts'

/** Opens a page of a cookie browser in Chromium, with the same cookies and the viewport of a narrow phone. */
export async function continueInChromium(
  browser: Browser,
  { browser: before }: Pick<ReturnType<typeof personAtForms>, 'browser'>,
  { url }: Pick<FilledPage, 'url'>,
  options: BrowserContextOptions = {},
) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, ...options })
  await context.addCookies(before.cookies().map((cookie) => ({ ...cookie, domain: url.hostname })))
  const page = await context.newPage()
  await page.goto(url.href)
  return page
}
