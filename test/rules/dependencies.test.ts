import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const { dependencies, devDependencies } = json('package.json')

function json(file: string) {
  return JSON.parse(readFileSync(join(root, file), 'utf8'))
}

/** The package of an import: `@koa/router/types` belongs to `@koa/router`. */
const packageOf = (name: string) => name.split('/', name.startsWith('@') ? 2 : 1).join('/')

test('src and config import only packages that a production install contains', () => {
  const imported = ['src', 'config'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .flatMap((file) => {
        const text = readFileSync(join(root, folder, file), 'utf8')
        const imports = text.matchAll(/^(?!import type ).*(?: from|^import) '([@\w][^']*)'$/gm)
        return [...imports].map(([, name = '']) => packageOf(name))
      }),
  )
  const packages = new Set(imported.filter((name) => !isBuiltin(name)))
  expect(packages.size).toBeGreaterThan(10)
  expect([...packages].filter((name) => !(name in dependencies))).toEqual([])
})

/** Their next version may change what no documentation promises: `src/sso/provider/patches`, `test/support/jest`. */
test.each(['oidc-provider', 'jest'])('the version of %s is pinned exactly', (name) => {
  const pinned = { ...dependencies, ...devDependencies }[name]
  expect(pinned).toMatch(/^\d+\.\d+\.\d+$/)
  const { packages } = json('package-lock.json')
  const locked = { ...packages[''].dependencies, ...packages[''].devDependencies }[name]
  expect([locked, packages[`node_modules/${name}`].version]).toEqual([pinned, pinned])
})
