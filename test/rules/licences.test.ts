import { execFileSync } from 'node:child_process'
import satisfies from 'spdx-satisfies'
import { projectFile, projectRoot } from '../support/project-files.ts'

/** Licences (SPDX) under which we may use, change and pass on what the production image contains. */
const allowed = [
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'CC0-1.0', 'ISC'],
  ...['MIT', 'PSF-2.0', 'Unlicense', 'Zlib'],
]

/** Further licences for tools that nobody receives from us: MPL-2.0 concerns changed files only, CC-BY lists of data. */
const allowedForTools = [...allowed, 'MPL-2.0', 'CC-BY-3.0', 'CC-BY-4.0']

type Locked = {
  readonly version?: string
  readonly license?: string
  readonly dev?: boolean
  /** The name in the registry, for an alias such as `string-width-cjs`. */
  readonly name?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
const packages: Readonly<Record<string, Locked>> = JSON.parse(
  projectFile('package-lock.json').text,
).packages
const locked = Object.entries(packages)
  .filter(([path]) => path)
  .map(([path, { name: alias, ...entry }]) => {
    const name = path.split('node_modules/').pop() ?? ''
    return { path, name, alias, ...entry }
  })

/** Builds for other systems have no licence in the lock file (decision 0033); they have that of their parent. */
const licenceOf = ({ name, license }: { readonly name: string; readonly license?: string }) =>
  license ?? locked.find(({ optionalDependencies = {} }) => name in optionalDependencies)?.license

const isAllowed = (licence: string | undefined, list: readonly string[]) => {
  try {
    return licence !== undefined && satisfies(licence, [...list])
  } catch {
    // No expression of SPDX, for example "SEE LICENSE IN …".
    return false
  }
}

test('every package has a licence that its use allows', () => {
  expect(locked.length).toBeGreaterThan(400)
  const refused = locked
    .map((entry) => ({ ...entry, licence: licenceOf(entry) }))
    .filter(({ licence, dev }) => !isAllowed(licence, dev ? allowedForTools : allowed))
    .map(({ path, licence }) => `${path}: ${licence ?? 'no licence'}`)
  expect(refused).toEqual([])
})

test.each([
  'GPL-3.0-only',
  'UNLICENSED',
  'SEE LICENSE IN LICENSE.txt',
  'MIT AND SSPL-1.0',
  undefined,
])('the licence %s is refused', (licence) =>
  expect(isAllowed(licence, allowedForTools)).toBe(false),
)

type Component = {
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly licenses?: readonly unknown[]
  readonly properties: readonly { readonly name: string }[]
}

test('npm run sbom lists every package with address and licence, and marks the tools of development (CycloneDX)', () => {
  const { sbom } = JSON.parse(projectFile('package.json').text).scripts
  const [command, file] = sbom.split(' > ')
  expect(file).toBe('sbom.cdx.json')
  const bill = JSON.parse(
    execFileSync(command, { cwd: projectRoot, shell: true, encoding: 'utf8', maxBuffer: 2 ** 26 }),
  )
  expect(bill).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: expect.stringMatching(/^1\.\d/),
  })
  const listed = new Map(
    (bill.components as readonly Component[]).map((each) => [`${each.name}@${each.version}`, each]),
  )
  const expected = locked.filter(({ alias }) => !alias)
  expect(expected.length).toBeGreaterThan(400)
  for (const { name, version, license } of expected) {
    const component = listed.get(`${name}@${version}`)
    expect({ name, ...component }).toMatchObject({
      name,
      purl: expect.stringMatching(/^pkg:npm\//),
      ...(license && { licenses: [expect.anything()] }),
    })
    const marks = component?.properties.map((property) => property.name)
    const isMarked = marks?.includes('cdx:npm:package:development')
    // npm lists the place that it found first for a version that both a tool and production install.
    const uses = expected.filter((each) => each.name === name && each.version === version)
    expect(uses.map((each) => each.dev ?? false)).toContain(isMarked)
  }
})
