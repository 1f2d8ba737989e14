import { fileURLToPath } from 'node:url'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { pressAndWait } from '../../test/support/form-actions.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))

/** `CAPTCHA_FIXED_ANSWER` of the platform whose pictures are taken. */
export const captcha = 'AHK7'

export const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] || '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic'],
})

/** A phone of 375 pixels. */
export async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 375, height: 667 }, ...options })
  return context.newPage()
}

/** Waits until nothing moves on the page. */
export async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: `${folder}${name}.png`, fullPage: true })
}

export async function fill(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).fill(value)
}

/** Chooses options of selects by the labels of the selects. */
export async function choose(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [label, value] of Object.entries(fields))
    await page.getByLabel(label, { exact: true }).selectOption(value)
}

export async function press(page: Page, name: string): Promise<void> {
  await pressAndWait(page.getByRole('button', { name, exact: true }))
  await page.waitForLoadState()
}

export async function follow(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name, exact: true }).first().click()
  await page.waitForLoadState()
}
