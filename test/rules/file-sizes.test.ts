import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectFiles, projectRoot } from '../support/project-files.ts'

const source = projectFiles('src', /\.ts$/)
const sizes = [...projectFiles('config', /\.ts$/), ...source].map(({ path, text }) => ({
  path,
  lines: text.split('\n').length - 1,
}))

/** Messages are data. */
const isData = (path: string) => path.startsWith('config/messages/')

test('a file of src and config has at most 200 lines, unless it holds data', () => {
  const long = sizes.filter(({ path, lines }) => lines > 200 && !isData(path))
  expect(long).toEqual([])
})

test('the median file has at most 60 lines, and nine of ten files have at most 120', () => {
  const sorted = sizes.map(({ lines }) => lines).sort((one, other) => one - other)
  const atShare = (share: number) => sorted[Math.ceil(sorted.length * share) - 1]
  expect(atShare(0.5)).toBeLessThanOrEqual(60)
  expect(atShare(0.9)).toBeLessThanOrEqual(120)
})

test('a folder of src and config has at most 20 files', () => {
  const folders = [...new Set(sizes.map(({ path }) => dirname(path)))]
  const full = folders
    .map((folder) => {
      const entries = readdirSync(join(projectRoot, folder), { withFileTypes: true })
      return { folder, files: entries.filter((entry) => entry.isFile()).length }
    })
    .filter(({ files }) => files > 20)
  expect(full).toEqual([])
})

/** Import statements, also those of several lines. */
const imports = /^import (?:[^'\n]|\n(?! *'))*'[^'\n]+'$/gm
const runLength = 6

/** Every run of `runLength` lines; indentation, empty lines and imports do not count. */
function runsOf(text: string): readonly string[] {
  const lines = text
    .replaceAll(imports, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const starts = Math.max(0, lines.length - runLength + 1)
  return Array.from({ length: starts }, (_, at) => lines.slice(at, at + runLength).join('\n'))
}

test('no run of six lines occurs in two places of src', () => {
  const places = new Map<string, string[]>()
  for (const { path, text } of source)
    for (const run of runsOf(text)) places.set(run, [...(places.get(run) ?? []), path])
  const repeated = [...places].filter(([, paths]) => paths.length > 1)
  expect(repeated).toEqual([])
})
