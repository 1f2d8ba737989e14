// `npm run canary`: tries a version of oidc-provider in a copy of the checkout (docs/oidc-provider-upgrade.md).
// Usage: npm run canary -- [VERSION [TEST …]]; by default the latest version and the tests in test/sso.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const [version = 'latest', ...tests] = process.argv.slice(2)
const copy = mkdtempSync(join(tmpdir(), 'uup-canary-'))

/** Returns whether the command succeeded. */
const run = (...[command, ...args]) => {
  console.log(`\n$ ${[command, ...args].join(' ')}`)
  return spawnSync(command, args, { cwd: copy, stdio: 'inherit' }).status === 0
}

try {
  const left = new Set(['.git', '.data', 'dist', 'node_modules'])
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(relative(root, path)) })
  // MongoDB and Redis were downloaded for this checkout already.
  const programs = join(root, '.data/bin')
  if (existsSync(programs)) {
    mkdirSync(join(copy, '.data'))
    symlinkSync(programs, join(copy, '.data/bin'))
  }
  const install = ['npm', 'install', '--save-exact', '--no-audit', '--no-fund']
  if (!run(...install, `oidc-provider@${version}`)) throw new Error('npm install failed')
  const steps = {
    types: ['npx', 'tsc', '-p', 'tsconfig.json'],
    patches: ['npx', 'jest', 'test/rules/provider-patches.test.ts'],
    'single sign-on': ['npx', 'jest', ...(tests.length ? tests : ['test/sso/'])],
  }
  const results = Object.entries(steps).map(([name, step]) => ({ name, passed: run(...step) }))
  console.log(`\noidc-provider@${version}:`)
  for (const { name, passed } of results) console.log(`  ${passed ? 'passed' : 'FAILED'}  ${name}`)
  if (results.some(({ passed }) => !passed)) process.exitCode = 1
} finally {
  rmSync(copy, { recursive: true, force: true })
}
