import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mayImport } from './import-directions.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const files = ['config', 'src'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => file.endsWith('.ts')),
)

/** Every relative import of a file, of types too, as paths from the root. */
const importsOf = new Map(
  files.map((file) => {
    const found = readFileSync(join(root, file), 'utf8').matchAll(
      /(?:from|import)\s*\(?\s*'(\.[^']+)'/g,
    )
    return [
      file,
      [...found].map(([, path = '']) => relative(root, resolve(root, dirname(file), path))),
    ] as const
  }),
)

const covers = (row: string, folder: string) =>
  row.endsWith('/*')
    ? folder === row.slice(0, -2) || folder.startsWith(row.slice(0, -1))
    : folder === row

test('every folder of src and config has a row in the table of import directions', () => {
  const folders = [...new Set(files.map((file) => dirname(file)))]
  expect(folders.sort()).toEqual(Object.keys(mayImport).sort())
})

test('every import follows the table of import directions', () => {
  const against = files.flatMap((file) => {
    const from = dirname(file)
    const allowed = [from, ...(mayImport[from] ?? [])]
    return (importsOf.get(file) ?? [])
      .filter((target) => !allowed.some((row) => covers(row, dirname(target))))
      .map((target) => `${file} → ${target}`)
  })
  expect(against).toEqual([])
})

test('no import cycle exists, including imports of types', () => {
  expect(files.flatMap((file) => pathBack(file) ?? [])).toEqual([])
})

/** The shortest way from a file back to itself, if there is one. */
function pathBack(file: string): string | undefined {
  const before = new Map<string, string>()
  const queue = [file]
  for (const at of queue)
    for (const next of importsOf.get(at) ?? []) {
      if (next === file) return trail(before, file, at).join(' → ')
      if (before.has(next)) continue
      before.set(next, at)
      queue.push(next)
    }
  return undefined
}

function trail(before: ReadonlyMap<string, string>, file: string, last: string): string[] {
  const steps = [last, file]
  for (let at = last; at !== file; ) {
    at = before.get(at) ?? file
    steps.unshift(at)
  }
  return steps
}
