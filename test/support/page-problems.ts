import type { Browser, Page } from 'playwright-core'
import { axeViolations } from './chromium.ts'

/**
 * Checks a page of a browser without script, in which axe cannot run either. Its HTML is rendered again in a browser
 * with script, where the page's own script is blocked.
 */
export async function pageProblemsWithoutScript(page: Page, browser: Browser) {
  const colorScheme = await page.evaluate(() =>
    matchMedia('(prefers-color-scheme: dark)').matches ? ('dark' as const) : ('light' as const),
  )
  const context = await browser.newContext({ viewport: page.viewportSize(), colorScheme })
  const twin = await context.newPage()
  const html = await page.content()
  await twin.route(page.url(), (route) => route.fulfill({ contentType: 'text/html', body: html }))
  await twin.route('**/enhance.js*', (route) => route.abort())
  await twin.goto(page.url())
  const found = await pageProblems(twin)
  await context.close()
  return found
}

/** Returns what is wrong with the page for users of a narrow phone, a keyboard or a screen reader, a line each. */
export async function pageProblems(page: Page): Promise<readonly string[]> {
  const found = await page.evaluate(() => {
    const wide = document.documentElement.scrollWidth - window.innerWidth
    const pressed = 'main button, main input, main select, header a, header button, footer a'
    const small = [...document.querySelectorAll(pressed)]
      .filter((element) => {
        const { width, height } = element.getBoundingClientRect()
        return (
          width > 1 &&
          height > 1 &&
          height < 44 &&
          !element.matches('[type=radio], [type=checkbox]')
        )
      })
      .map((element) => `smaller than 44 px: ${element.outerHTML.slice(0, 80)}`)
    const links = [...document.querySelectorAll<HTMLAnchorElement>('.summary a')]
    const places = links.map(({ hash }) => document.getElementById(hash.slice(1)))
    const unordered = places.flatMap((place, at) => {
      const before = places[at - 1]
      const follows = !before || before.compareDocumentPosition(place ?? before) & 4
      return place && follows ? [] : [`out of order in the summary: ${links[at]?.textContent}`]
    })
    const twice = links
      .filter((link, at) => links.some((l, n) => n < at && l.textContent === link.textContent))
      .map(({ textContent }) => `twice in the summary: ${textContent}`)
    // The number of a request has letters beside digits that look like a phone.
    const contact =
      /[(（]0\d{2,3}[)）] ?\d{5,8}|(?<!\w)0\d{2,3}-\d{5,8}(?!\w)|(?<!\w)12333(?!\w)|[\w.+-]+@[\w-]+\.\w+/
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const unlinked: string[] = []
    while (texts.nextNode()) {
      const { textContent: text, parentElement: around } = texts.currentNode
      const found = contact.exec(text ?? '')?.[0]
      if (found && !around?.closest('a, button, option')) unlinked.push(`no link: ${found}`)
    }
    const broken = [...document.querySelectorAll('a.contact')]
      .filter((link) => new Set([...link.getClientRects()].map(({ top }) => top)).size > 1)
      .map(({ textContent }) => `broken across lines: ${textContent}`)
    const language = document.documentElement.lang
    return [
      ...unordered,
      ...twice,
      ...(wide > 0 ? [`${wide} px wider than the window`] : []),
      ...small,
      ...unlinked,
      ...broken,
      ...(['zh-CN', 'en'].includes(language) ? [] : [`language ${language}`]),
    ]
  })
  return [...found, ...(await axeViolations(page))]
}
