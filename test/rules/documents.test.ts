import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { documents, projectFile, projectRoot } from '../support/project-files.ts'

test('every link in a document leads to a file', () => {
  const broken = documents().flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
      .filter(([, link = '']) => !existsSync(join(projectRoot, dirname(path), link)))
      .map(([, link]) => `${path}: ${link}`),
  )
  expect(broken).toEqual([])
})

/** A path in code style; `*`, `…` and a word in capitals such as `NAME` stand for something else. */
const namedPath =
  /`((?:src|config|test|sandbox|views|assets|bench|docs)\/(?![^`]*[A-Z]{4})[^`\s*…]*)`/g

test('every path in code style that a document names exists', () => {
  const missing = documents().flatMap(({ path, text }) =>
    [...text.matchAll(namedPath)]
      .filter(([, named = '']) => !existsSync(join(projectRoot, named)))
      .map(([, named]) => `${path}: ${named}`),
  )
  expect(missing).toEqual([])
})

test.each(['README.md', 'README.zh-CN.md'])('%s lists every setting', (path) => {
  const shape = projectFile('config/environment/settings.ts').text.matchAll(
    /^ {2}([A-Z][A-Z_]+): /gm,
  )
  const settings = [...new Set([...shape].map(([, name]) => name))]
  const rows = projectFile(path).text.match(/^\| `[A-Z].*? \|/gm) ?? []
  const listed = rows.flatMap((row) => [...row.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name))
  expect(settings.length).toBeGreaterThan(40)
  const sandboxPorts = ['EXAM_PORT', 'SOCIAL_PORT', 'PLAYGROUND_PORT', 'SIMULATOR_PORT']
  expect(listed.filter((name) => !sandboxPorts.includes(String(name))).sort()).toEqual(
    settings.sort(),
  )
})
