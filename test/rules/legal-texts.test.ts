import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'
import { readLegalTexts } from '../../config/legal-texts.ts'
import { sampleLegalTexts } from '../../sandbox/settings.mjs'
import { readAllSettings } from '../../src/compose/settings/all-settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'uup-legal-'))
afterAll(() => rmSync(folder, { recursive: true }))

function writtenFile(content: string): string {
  const path = join(folder, 'text.md')
  writeFileSync(path, content)
  return path
}

function legalTextProblems(read: () => unknown): readonly string[] {
  try {
    read()
    return []
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error
    return error.problems
  }
}

test('the sandbox has both texts, each with its version', () => {
  const { terms, privacy } = readLegalTexts(sampleLegalTexts)
  for (const text of [terms, privacy]) expect(text.version).toMatch(/^\d{4}-\d{2}-\d{2}$/)
})

test.each([
  ['a date', 'version: 2026-11-01', '2026-11-01'],
  ['a number', 'version: 3', '3'],
  ['quoted words beside other keys', 'title: 用户协议\nversion: "v1.2"', 'v1.2'],
])('a version may be %s', (_, head, version) => {
  const TERMS_FILE = writtenFile(`\uFEFF---\r\n${head.replace('\n', '\r\n')}\r\n---\r\n文本\r\n`)
  expect(readLegalTexts({ ...sampleLegalTexts, TERMS_FILE }).terms.version).toBe(version)
})

test.each([
  ['no front matter', '# 用户协议', /^TERMS_FILE: must begin with front matter that has a version/],
  ['no version', '---\ntitle: x\n---\n文本', /^TERMS_FILE: must begin with front matter/],
  ['an empty version', '---\nversion:\n---\n文本', /^TERMS_FILE: must begin with front matter/],
  ['a version with spaces', '---\nversion: a b\n---\n文本', /^TERMS_FILE: must begin with/],
  ['front matter that is no YAML', '---\n: {\n---\n文本', /^TERMS_FILE: must begin with/],
  ['no text', '---\nversion: 1\n---\n \n', /^TERMS_FILE: has no text/],
])('a file with %s is refused', (_, content, problem) => {
  const TERMS_FILE = writtenFile(content)
  expect(legalTextProblems(() => readLegalTexts({ ...sampleLegalTexts, TERMS_FILE }))).toEqual([
    expect.stringMatching(problem),
  ])
})

test('missing and unreadable texts are reported once, together with all other problems', () => {
  const problems = legalTextProblems(() => readAllSettings({ PRIVACY_FILE: '/nowhere', PORT: 'x' }))
  expect(problems.filter((problem) => /^(TERMS|PRIVACY)_FILE/.test(problem))).toEqual([
    'TERMS_FILE: is missing',
    "PRIVACY_FILE: can't be read (/nowhere)",
  ])
  expect(problems).toContainEqual(expect.stringMatching(/^PORT: /))
})
