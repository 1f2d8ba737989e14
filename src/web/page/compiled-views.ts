import { hash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pug from 'pug'

type View = (locals: object) => string

/** JavaScript by view, and the hash of the files that it was compiled from. */
type Compiled = { readonly of: string; readonly views: Readonly<Record<string, string>> }

const folder = fileURLToPath(new URL('../../../views/', import.meta.url))

/** `npm run build` writes the first one; a start from sources keeps the second one. */
export const builtFile = join(folder, 'compiled.json')
const keptFile = join(folder, '../.data/compiled-views.json')

/**
 * Every view below `views/`, by its path without the ending. All are compiled before any is shown, so that a broken one
 * stops the start; because that takes seconds, the result is kept until a file changes. Throws what pug finds wrong.
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

/** Several processes may start at once: each renames a whole file. */
function keep(compiled: Compiled): Compiled {
  const written = `${keptFile}.${process.pid}`
  try {
    mkdirSync(dirname(keptFile), { recursive: true })
    writeFileSync(written, JSON.stringify(compiled))
    renameSync(written, keptFile)
  } catch {
    // A folder that nobody may write costs the next start the time, and nothing else.
  }
  return compiled
}

/** Evaluated at first use: a page that nobody opens takes no memory. */
function viewOf(code: string): View {
  let view: View | undefined
  return (locals) => {
    view ??= new Function(`${code}; return template`)() as View
    return view(locals)
  }
}
