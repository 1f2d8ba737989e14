import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

export type ProjectFile = {
  /** From the root of the project. */
  readonly path: string
  readonly text: string
}

export const projectFile = (path: string): ProjectFile => ({
  path,
  text: readFileSync(join(projectRoot, path), 'utf8'),
})

/** The files of a folder and its subfolders whose names match; installed packages are left out. */
export const projectFiles = (folder: string, names: RegExp): readonly ProjectFile[] =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => names.test(file) && !file.includes('node_modules'))
    .map((file) => projectFile(relative(projectRoot, join(projectRoot, folder, file))))

/** Every Markdown file that a reader of the project meets. */
export const documents = (): readonly ProjectFile[] => [
  ...projectFiles('docs', /\.md$/),
  ...['README.md', 'README.zh-CN.md', 'CONTRIBUTING.md', 'bench/README.md'].map(projectFile),
]
