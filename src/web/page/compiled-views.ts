import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pug from 'pug'

type View = (locals: object) => string

/** The compiled views by name. `of` is the hash of their source files. */
type Compiled = { readonly of: string; readonly views: Readonly<Record<string, string>> }

const folder = fileURLToPath(new URL('../../../views/', import.meta.url))

/** `npm run build` writes `builtFile`; a start from sources writes the other one. */
export const builtFile = join(folder, 'compiled.json')
const keptFile = join(folder, '../.data/compiled-views.json')

/**
 * Loads all views below `views/`, by their paths without the ending. They are compiled at start, so that a broken view
 * stops it. The compilation takes seconds, so its result is cached until a file changes. Throws the errors of pug.
 */
export function loadViews(): ReadonlyMap<string, View> {
  const files = viewFiles(folder)
  const of = hashOf(files)
  const compiled = read(builtFile, of) ?? read(keptFile, of) ?? keep(compileViews())
  return new Map(Object.entries(compiled.views).map(([name, code]) => [name, viewOf(code)]))
}

export function compileViews(from: string = folder): Compiled {
  const files = viewFiles(from)
  const views = files.map(({ name, text }) => {
    const options = { filename: join(from, `${name}.pug`), basedir: from, compileDebug: false }
    return [name, pug.compileClient(text, { ...options, inlineRuntimeFunctions: true })]
  })
  return { of: hashOf(files), views: Object.fromEntries(views) }
}

type ViewFile = { readonly name: string; readonly text: string }

const viewFiles = (from: string): readonly ViewFile[] =>
  readdirSync(from, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.pug'))
    .sort()
    .map((file) => ({
      name: file.slice(0, -'.pug'.length),
      text: readFileSync(join(from, file), 'utf8'),
    }))

const hashOf = (files: readonly ViewFile[]): string => hash('sha256', JSON.stringify(files))

function read(file: string, of: string): Compiled | undefined {
  try {
    const compiled: Compiled = JSON.parse(readFileSync(file, 'utf8'))
    return compiled.of === of ? compiled : undefined
  } catch {
    return undefined
  }
}

/** Writes the cache by renaming a complete file, since several processes may start at once. */
function keep(compiled: Compiled): Compiled {
  const written = `${keptFile}.${process.pid}`
  try {
    mkdirSync(dirname(keptFile), { recursive: true })
    writeFileSync(written, JSON.stringify(compiled))
    renameSync(written, keptFile)
  } catch {
    // Without a writable folder, the next start compiles again.
  }
  return compiled
}

/** Evaluates a view at its first use, so that unused pages take no memory. */
function viewOf(code: string): View {
  let view: View | undefined
  return (locals) => {
    view ??= new Function(`${code}; return template`)() as View
    return view(locals)
  }
}
