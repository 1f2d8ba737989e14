import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileViews, loadViews } from '../../src/web/page/compiled-views.ts'

test('every view compiles', () => {
  expect([...loadViews().keys()]).toEqual(
    expect.arrayContaining(['home', 'register/login', 'sso/login', 'error']),
  )
})

test('a broken view is reported with its file before its page is requested', () => {
  const folder = mkdtempSync(join(tmpdir(), 'views-'))
  writeFileSync(join(folder, 'whole.pug'), 'p Whole')
  writeFileSync(join(folder, 'broken.pug'), 'p= t(')
  expect(() => compileViews(folder)).toThrow(/broken\.pug/)
})

test('compiled views carry the hash of the files that they were compiled from', () => {
  const folder = mkdtempSync(join(tmpdir(), 'views-'))
  writeFileSync(join(folder, 'page.pug'), 'p One')
  const one = compileViews(folder)
  writeFileSync(join(folder, 'page.pug'), 'p Two')
  expect(compileViews(folder).of).not.toBe(one.of)
})
