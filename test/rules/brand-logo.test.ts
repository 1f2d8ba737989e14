import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BadEnvironment } from '../../config/environment/bad-environment.ts'
import { readBrandLogo, svgProblemOf } from '../../src/compose/settings/brand-logo.ts'

const namespace = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
const picture = (inside: string) => `<svg ${namespace} viewBox="0 0 8 8">${inside}</svg>`
const folder = mkdtempSync(join(tmpdir(), 'uup-brand-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  picture('<title>标</title><path d="M0 0h8v8z" fill="#0b3d91" style="opacity:.5"/>'),
  picture('<defs><linearGradient id="a"/></defs><g fill="url(#a)"><use xlink:href="#b"/></g>'),
  `<?xml version="1.0" encoding="UTF-8"?><!-- drawn by us -->${picture('<style>path{fill:red}</style>')}`,
  readFileSync(new URL('../../sandbox/brand/emblem.svg', import.meta.url), 'utf8'),
])('an SVG picture that only draws is accepted: %#', (text) => {
  expect(svgProblemOf(text)).toBeUndefined()
})

test.each([
  ['<html xmlns="http://www.w3.org/1999/xhtml"/>', 'must be an SVG picture'],
  ['<svg/>', 'must be an SVG picture'],
  ['no picture', 'must be an SVG picture, well-formed'],
  ['', 'must be an SVG picture, well-formed'],
  [picture('<g>'), 'must be an SVG picture, well-formed'],
  [`<!DOCTYPE svg [<!ENTITY a "b">]>${picture('')}`, 'must have no DOCTYPE'],
  [`<?xml-stylesheet href="x.css"?>${picture('')}`, 'must have no processing instruction'],
  [picture('<script>alert(1)</script>'), 'must have no element <script>'],
  [picture('<g><foreignObject/></g>'), 'must have no element <foreignObject>'],
  [picture('<image href="#a"/>'), 'must have no element <image>'],
  [picture('<a href="#a"/>'), 'must have no element <a>'],
  [picture('<set attributeName="href" to="x"/>'), 'must have no element <set>'],
  [
    picture('<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>'),
    'must have no element <x:script>',
  ],
  ...[
    'onload="x()"',
    'ONCLICK="x()"',
    'href="https://evil.test/a.svg#b"',
    'xlink:href="data:image/svg+xml,%3Csvg/%3E"',
    'href="javascript:x()"',
    'fill="url(https://evil.test/a.svg#b)"',
    'fill="url( \'//evil.test/a\')"',
    'style="fill:\\75rl(https://evil.test/)"',
    'xml:base="https://evil.test/"',
  ].map((attribute) => [
    picture(`<use ${attribute}/>`),
    `must have no attribute ${attribute.split('=')[0]} that runs or loads anything`,
  ]),
  [picture('<style>@import "x.css"</style>'), 'must have no style that loads anything'],
  [picture('<style>g{fill:url(//evil.test)}</style>'), 'must have no style that loads anything'],
  [picture('<style><![CDATA[@import "x"]]></style>'), 'must have no CDATA'],
])('%s is refused', (text, problem) => {
  expect(svgProblemOf(text)).toBe(problem)
})

function logoFileProblems(file: string): readonly string[] {
  try {
    readBrandLogo(file)
    return []
  } catch (error) {
    if (!(error instanceof BadEnvironment)) throw error
    return error.problems
  }
}

test('a file that is missing, not an acceptable picture or too large is refused', () => {
  const file = join(folder, 'emblem.svg')
  expect(logoFileProblems(file)).toEqual([`BRAND_LOGO: can't be read (${file})`])
  writeFileSync(file, picture(''))
  expect(logoFileProblems(file)).toEqual([])
  writeFileSync(file, picture('<script/>'))
  expect(logoFileProblems(file)).toEqual([`BRAND_LOGO: must have no element <script> (${file})`])
  const noise = Array.from({ length: 4000 }, () => Math.random().toString(36).slice(2)).join(' ')
  writeFileSync(file, picture(`<desc>${noise.slice(0, 20_000)}</desc>`))
  expect(logoFileProblems(file)).toEqual([
    `BRAND_LOGO: must be 4000 bytes at most when compressed (${file})`,
  ])
  writeFileSync(file, picture(`<desc>${' '.repeat(100_000)}</desc>`))
  expect(logoFileProblems(file)).toEqual([`BRAND_LOGO: must be 100000 bytes at most (${file})`])
  expect(readBrandLogo(undefined)).toBeUndefined()
})
