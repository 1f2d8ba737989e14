import type { Locator, Page } from 'playwright-core'

/** Presses a button in Chromium and waits for the answer, which the script inserts without a navigation. */
export async function pressAndWait(button: Locator): Promise<void> {
  await button.click()
  await button
    .page()
    .locator('html:not(:has(main[aria-busy]))')
    .waitFor({ state: 'attached', timeout: 60_000 })
}

/** Presses the button with this name and waits for the answer. */
export const press = (page: Page, name: string) =>
  pressAndWait(page.getByRole('button', { name, exact: true }))

/** Types into the field with this label. */
export const fill = (page: Page, label: string, value: string) =>
  page.getByLabel(label, { exact: true }).fill(value)

/** Whether the whole element is inside the window. */
export const isInWindow = (page: Page, selector: string) =>
  page.locator(selector).evaluate((element) => {
    const { top, bottom, height } = element.getBoundingClientRect()
    return height > 0 && top >= 0 && bottom <= innerHeight
  })

/** Returns the id, or else the class, of the focused element. */
export const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.className)

/** Records the addresses of all POST requests from now on. */
export function recordPosts(page: Page): readonly string[] {
  const sent: string[] = []
  page.on('request', (request) => {
    if (request.method() === 'POST') sent.push(request.url())
  })
  return sent
}
