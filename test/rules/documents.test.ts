import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { documents, projectRoot } from '../support/project-files.ts'

test('every link in a document leads to a file', () => {
  const broken = documents().flatMap(({ path, text }) =>
    [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
      .filter(([, link = '']) => !existsSync(join(projectRoot, dirname(path), link)))
      .map(([, link]) => `${path}: ${link}`),
  )
  expect(broken).toEqual([])
})

test('every path in code style that a document names exists', () => {
  const missing = documents().flatMap(({ path, text }) =>
    [...text.matchAll(/`((?:src|config|test|sandbox|views|assets|bench|docs)\/[^`\s*…]*)`/g)]
      .filter(([, named = '']) => !existsSync(join(projectRoot, named)))
      .map(([, named]) => `${path}: ${named}`),
  )
  expect(missing).toEqual([])
})
