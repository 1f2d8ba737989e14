import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onPath, withProgress } from './downloads.mjs'

/**
 * Runs `npm ci` if node_modules is missing or differs from package-lock.json.
 * @param {string} root of the checkout
 * @param {import('./downloads.mjs').Tools} tools
 */
export async function installPackages(root, { family, log }) {
  if (await installed(root)) return
  const npm = onPath('npm')
  if (!npm) throw new Error('npm is missing: install it with Node.js, then run npm ci')
  const work = family.run(npm, ['ci', '--no-audit', '--no-fund'], { cwd: root })
  await withProgress(log, 'Installing packages', work).catch((error) => {
    throw new Error(
      `npm ci failed (${error.message}): check the network, or run npm ci to see more`,
    )
  })
}

/** Ignores optional packages, since most of them are for other operating systems. */
async function installed(root) {
  const there = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(there)) return false
  const [wanted, found] = await Promise.all([join(root, 'package-lock.json'), there].map(packages))
  return Object.entries(wanted).every(
    ([path, { optional, devOptional, version }]) =>
      path === '' || optional || devOptional || found[path]?.version === version,
  )
}

async function packages(lockFile) {
  return JSON.parse(await readFile(lockFile, 'utf8')).packages
}
