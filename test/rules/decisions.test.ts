import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = join(root, 'docs/decisions')
const areas = ['people', 'proofs', 'web', 'sso', 'stores', 'operations', 'tests']

const read = (file: string) => readFileSync(file, 'utf8')

const filesIn = (path: string, endings: RegExp): readonly string[] =>
  readdirSync(join(root, path), { recursive: true, encoding: 'utf8' })
    .filter((file) => endings.test(file) && !file.includes('node_modules'))
    .map((file) => join(root, path, file))

/** `Hash passwords with @node-rs/argon2` is `hash-passwords-with-node-rs-argon2`. */
const slugOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const decisions = filesIn('docs/decisions', /\.md$/).filter((file) => !file.endsWith('README.md'))
const numberOf = (file: string) => basename(file).slice(0, 4)
const known = new Set(decisions.map(numberOf))

/** The file in the index, by its path there. */
const index = read(join(folder, 'README.md'))
const headOf = (file: string) =>
  /^# (\d{4}) (.+)\n\nDate: (\d{4}-\d{2}-\d{2}) · Status: (.+)\n/.exec(read(file))?.slice(1) ?? []

/** From a decision's folder to the folder of the index. */
const inIndex = (status: string) => status.replaceAll('](../', '](').replaceAll('](0', '](AREA/0')

test.each(decisions.map((file) => [relative(folder, file), file]))(
  '%s has an area, a date, a status, a title that names its file, and a row in the index',
  (path, file) => {
    const [number, title = '', date, status = ''] = headOf(file)
    const area = dirname(path)
    expect(areas).toContain(area)
    expect(basename(path)).toBe(`${number}-${slugOf(title)}.md`)
    expect(status).toMatch(/^accepted$|^superseded by \[\d{4}\]\([^)]+\)$/)
    const shown = inIndex(status).replaceAll('AREA', area)
    expect(index).toContain(`| [${number}](${path}) | ${title} | ${date} | ${shown} |\n`)
    for (const part of ['Context', 'Decision', 'Consequences'])
      expect(read(file)).toContain(`**${part}.**`)
  },
)

test('each number belongs to one decision, and the index lists nothing else', () => {
  expect(known.size).toBe(decisions.length)
  expect(index.match(/^\| \[\d{4}\]/gm)).toHaveLength(decisions.length)
})

test('every reference to a decision names one that exists', () => {
  const folders = ['src', 'config', 'sandbox', 'test', 'bench', 'views', 'assets', 'docs']
  const files = [
    ...folders.flatMap((one) => filesIn(one, /\.(ts|mjs|js|pug|css|md|ya?ml|txt|py)$/)),
    ...['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md'].map((one) => join(root, one)),
  ]
  const references = files.flatMap((file) =>
    [...read(file).matchAll(file.endsWith('.md') ? inDocuments : inCode)].flatMap(
      ([, numbers = '']) =>
        numbers.split(/, | and /).map((number) => ({ file: relative(root, file), number })),
    ),
  )
  expect(references.length).toBeGreaterThan(50)
  expect(references.filter(({ number }) => !known.has(number))).toEqual([])
})

/** `decision 0001`, `decisions 0001 and 0002`, `docs/decisions/0001`. */
const inCode = /\bdecisions?[ /](0\d{3}(?:(?:, | and )0\d{3})*)/g
/** The same, and `(0001, 0002)`. */
const inDocuments = /(?:\bdecisions?[ /]|\()(0\d{3}(?:(?:, | and )0\d{3})*)\b/g

test('every link between documents leads to a file', () => {
  const documents = [
    ...filesIn('docs', /\.md$/),
    ...['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md'].map((one) => join(root, one)),
  ]
  const broken = documents.flatMap((file) =>
    [...read(file).matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
      .filter(([, link = '']) => !existsSync(join(dirname(file), link)))
      .map(([, link]) => `${relative(root, file)}: ${link}`),
  )
  expect(broken).toEqual([])
})
