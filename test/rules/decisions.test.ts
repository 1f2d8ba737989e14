import { basename, dirname, relative } from 'node:path'
import { documents, projectFile, projectFiles } from '../support/project-files.ts'

const folder = 'docs/decisions'
const areas = ['people', 'proofs', 'web', 'sso', 'stores', 'operations', 'tests']
const index = projectFile(`${folder}/README.md`).text
const decisions = projectFiles(folder, /\.md$/).filter(({ path }) => !path.endsWith('README.md'))
const known = new Set(decisions.map(({ path }) => basename(path).slice(0, 4)))

/** `Hash passwords with @node-rs/argon2` is `hash-passwords-with-node-rs-argon2`. */
const slugOf = (title: string) =>
  title
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

const head = /^# (\d{4}) (.+)\n\nDate: (\d{4}-\d{2}-\d{2}) · Status: (.+)\n/

/** A link from a decision's folder, as the index writes it. */
const inIndex = (status: string, area: string) =>
  status.replace('](../', '](').replace(/\]\((?=\d)/, `](${area}/`)

test.each(decisions.map(({ path, text }) => [relative(folder, path), text]))(
  '%s has an area, a date, a status, a title that names its file, and a row in the index',
  (path, text) => {
    const [, number, title = '', date, status = ''] = head.exec(text) ?? []
    const area = dirname(path)
    expect(areas).toContain(area)
    expect(basename(path)).toBe(`${number}-${slugOf(title)}.md`)
    expect(status).toMatch(/^accepted$|^superseded by \[\d{4}\]\([^)]+\)$/)
    const row = [`[${number}](${path})`, title, date, inIndex(status, area)].join(' | ')
    expect(index).toContain(`| ${row} |\n`)
    for (const part of ['Context', 'Decision', 'Consequences'])
      expect(text).toContain(`**${part}.**`)
  },
)

test('each number belongs to one decision, and the index lists nothing else', () => {
  expect(known.size).toBe(decisions.length)
  expect(index.match(/^\| \[\d{4}\]/gm)).toHaveLength(decisions.length)
})

/** `decision 0001`, `decisions 0001 and 0002`, `docs/decisions/0001`. */
const inCode = /\bdecisions?[ /](0\d{3}(?:(?:, | and )0\d{3})*)/g
/** The same, and `(0001, 0002)`. */
const inDocuments = /(?:\bdecisions?[ /]|\()(0\d{3}(?:(?:, | and )0\d{3})*)\b/g

test('every reference to a decision names one that exists', () => {
  const folders = ['src', 'config', 'sandbox', 'test', 'bench', 'views', 'assets', 'docs']
  const code = folders.flatMap((one) => projectFiles(one, /\.(ts|mjs|js|pug|css|ya?ml|txt|py)$/))
  const numbersIn = (text: string, reference: RegExp) =>
    [...text.matchAll(reference)].flatMap(([, numbers = '']) => numbers.split(/, | and /))
  const references = [
    ...code.map(({ path, text }) => ({ path, numbers: numbersIn(text, inCode) })),
    ...documents().map(({ path, text }) => ({ path, numbers: numbersIn(text, inDocuments) })),
  ]
  expect(references.flatMap(({ numbers }) => numbers).length).toBeGreaterThan(50)
  const unknown = references.flatMap(({ path, numbers }) =>
    numbers.filter((number) => !known.has(number)).map((number) => `${path}: ${number}`),
  )
  expect(unknown).toEqual([])
})
