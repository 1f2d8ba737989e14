import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axeCore from 'axe-core'
import { type Browser, chromium, type Page } from 'playwright-core'
import { chromiumFlags, chromiumOnPath } from '../../sandbox/chromium.mjs'

/** Starts Chromium with a temporary profile. */
export function launchChromium(): Promise<Browser> {
  const executablePath = chromiumOnPath()
  return chromium.launch({ ...(executablePath ? { executablePath } : {}), args: chromiumFlags })
}

/** Starts Chromium with the setting that blocks all cookies. */
export async function launchWithoutCookies() {
  const folder = await mkdtemp(join(tmpdir(), 'uup-without-cookies-'))
  const setting = { profile: { default_content_setting_values: { cookies: 2 } } }
  await mkdir(join(folder, 'Default'))
  await writeFile(join(folder, 'Default/Preferences'), JSON.stringify(setting))
  const executablePath = chromiumOnPath()
  const context = await chromium.launchPersistentContext(folder, {
    ...(executablePath ? { executablePath } : {}),
    args: chromiumFlags,
    viewport: { width: 360, height: 740 },
  })
  return {
    newPage: () => context.newPage(),
    async close() {
      await context.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** The part of axe's interface that is used here. */
type Axe = {
  axe: {
    run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
  }
}

/** Returns axe's violations, a line each. The enhanced contrast rule (7:1, WCAG AAA) is enabled. */
export async function axeViolations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeCore.source)
  return page.evaluate(async () => {
    const options = { rules: { 'color-contrast-enhanced': { enabled: true } } }
    const { axe } = globalThis as unknown as Axe
    const { violations } = await axe.run(options)
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
  })
}
