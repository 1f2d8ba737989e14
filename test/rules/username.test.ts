import fc from 'fast-check'
import type { MessageCode } from '../../config/messages.ts'
import { username, usernameKey } from '../../src/people/fields/username.ts'
import { refusedWith, schemaResult } from '../support/schema-result.ts'

const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz']
const usernames = fc
  .tuple(
    fc.constantFrom(...letters),
    fc.string({
      unit: fc.constantFrom(...letters, ...'0123456789_-.'),
      minLength: 3,
      maxLength: 31,
    }),
  )
  .map(([first, rest]) => first + rest)

test('every username that follows the rule is kept as typed', () => {
  fc.assert(fc.property(usernames, (name) => expect(schemaResult(username, name)).toBe(name)))
})

test('full-width characters are folded and spaces at the ends are removed', () => {
  expect(schemaResult(username, '\u3000Ｌｉ．Ｍｉｎｇ＿８ ')).toBe('Li.Ming_8')
})

test.each<[string, MessageCode]>([
  ['', 'username.missing'],
  ['   ', 'username.missing'],
  ['abc', 'username.length'],
  ['a'.repeat(33), 'username.length'],
  ['1abc', 'username.start'],
  ['_abc', 'username.start'],
  ['li ming', 'username.characters'],
  ['李明abc', 'username.characters'],
  ['ünal', 'username.characters'],
  ['abcd\0', 'text.unreadable'],
  ['abc\ud800', 'text.unreadable'],
  ['abc\ufffd', 'text.unreadable'],
])('%j is refused with %s', (typed, code) => {
  expect(schemaResult(username, typed)).toEqual(refusedWith(code))
})

test('usernames that differ only in case have the same key', () => {
  fc.assert(
    fc.property(usernames, (name) =>
      expect(usernameKey(name.toUpperCase())).toBe(usernameKey(name)),
    ),
  )
})
