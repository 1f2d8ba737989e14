import type { Locator } from 'playwright-core'

/** Presses a button in Chromium and waits for the answer, which the script inserts without a navigation. */
export async function pressAndWait(button: Locator): Promise<void> {
  await button.click()
  await button
    .page()
    .locator('html:not(:has(main[aria-busy]))')
    .waitFor({ state: 'attached', timeout: 60_000 })
}
