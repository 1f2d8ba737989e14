import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { aptInstall, onPath, withProgress } from './downloads.mjs'

/** Flags for tests: no background network traffic, and no sandbox, since tests run as root in containers. */
export const chromiumFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Returns the path of an installed Chromium. If it is undefined, Playwright uses its own download. */
export function chromiumOnPath() {
  return onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
}

/**
 * Installs Chromium and a Chinese font if they are missing. Rejects if Chromium cannot be installed.
 * @param {import('./downloads.mjs').Tools} tools
 */
export async function prepareChromium(tools) {
  if (!(await hasChineseFont(tools)) && !(await aptInstall(['fonts-noto-cjk'], tools)))
    tools.log(
      'No font has Chinese characters: pictures of pages show boxes. Install fonts-noto-cjk.',
    )
  if (chromiumOnPath() || (await aptInstall(['chromium'], tools))) return
  const playwright = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'))
  const download = [join(playwright, 'cli.js'), 'install', 'chromium']
  const work = tools.family.run(process.execPath, download)
  await withProgress(tools.log, 'Downloading Chromium', work).catch((error) => {
    throw new Error(`Chromium is missing: put chromium on PATH (${error.message})`)
  })
}

/** Without fc-list, only Linux is assumed to lack Chinese fonts. */
async function hasChineseFont({ family }) {
  const list = onPath('fc-list')
  if (!list) return process.platform !== 'linux'
  return (await family.run(list, [':lang=zh', 'family'])).trim() !== ''
}
