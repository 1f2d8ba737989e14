import fc from 'fast-check'
import type { MessageCode } from '../../config/messages.ts'
import { username, usernameKey } from '../../src/people/username.ts'
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

test('every name of the rule passes as typed, and folding it again changes nothing', () => {
  fc.assert(fc.property(usernames, (name) => expect(schemaResult(username, name)).toBe(name)))
})

test('full width and spaces at the ends are forgiven', () => {
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
])('%j: %s', (typed, code) => {
  expect(schemaResult(username, typed)).toEqual(refusedWith(code))
})

test('a name is unique without case', () => {
  fc.assert(
    fc.property(usernames, (name) =>
      expect(usernameKey(name.toUpperCase())).toBe(usernameKey(name)),
    ),
  )
})
