import fc from 'fast-check'
import * as z from 'zod'
import { readCommonPasswords } from '../../config/common-passwords.ts'
import type { MessageCode } from '../../config/messages.ts'
import {
  newPassword,
  passwordAgain,
  passwordHidesUsername,
  passwordsAgree,
  typedPassword,
} from '../../src/people/fields/password.ts'
import { isBuiltFrom } from '../../src/people/fields/password-origin.ts'
import { username } from '../../src/people/fields/username.ts'
import { refusedWith, schemaResult } from '../support/schema-result.ts'

const common = readCommonPasswords()
const password = newPassword({ common, classes: 1 })

test('the list of common passwords has 10,000 words in lower case, none shorter than a password may be', () => {
  expect(common.size).toBe(10_000)
  for (const word of common) expect(word).toMatch(/^[^A-Z]{8,}$/)
})

test('a password may consist of any characters and is normalised to NFC', () => {
  const any = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 128 }).filter((typed) => {
    const length = [...typed.normalize('NFC')].length
    return (
      !/^\s*$|\ufffd/.test(typed) &&
      length >= 8 &&
      length <= 128 &&
      !common.has(typed.toLowerCase())
    )
  })
  fc.assert(
    fc.property(any, (typed) => expect(schemaResult(password, typed)).toBe(typed.normalize('NFC'))),
  )
})

// A password manager may generate such characters. If they were removed, two passwords would open one account, and a
// password that seems long enough could be too short.
test('invisible characters, wide spaces and spaces at the ends of a password are kept', () => {
  for (const typed of ['abcdefgh\u200bij', 'abcdefgh\u3000ij', ' abcdefghij ', '⽅abcdefgh'])
    for (const schema of [password, typedPassword, passwordAgain])
      expect(schemaResult(schema, typed)).toBe(typed)
})

test('the composed and the decomposed form are the same password', () => {
  expect(schemaResult(password, 'Cafe\u0301-noir')).toBe('Caf\u00e9-noir')
  expect(schemaResult(typedPassword, 'Cafe\u0301-noir')).toBe('Caf\u00e9-noir')
})

test('spaces count towards the length, also at the ends', () => {
  expect(schemaResult(password, ' 7 words ')).toBe(' 7 words ')
})

test('the length is counted in code points, not in UTF-16 units', () => {
  expect(schemaResult(password, '𠮷'.repeat(7))).toEqual(refusedWith('password.short'))
  expect(schemaResult(password, '𠮷野家𠂇口灬卅燊')).toBe('𠮷野家𠂇口灬卅燊')
  expect(schemaResult(password, '𠮷'.repeat(128))).toBe('𠮷'.repeat(128))
  expect(schemaResult(password, '𠮷'.repeat(129))).toEqual(refusedWith('password.long'))
})

test.each<[string, MessageCode]>([
  ['', 'password.missing'],
  ['short12', 'password.short'],
  ['x'.repeat(129), 'password.long'],
  ['password1', 'password.common'],
  ['PassWord1', 'password.common'],
  ['88888888', 'password.common'],
  ['woaini1314', 'password.common'],
  ['tab\there-and', 'text.unreadable'],
  ['zero\0bytes-', 'text.unreadable'],
  ['half\ud83dpair', 'text.unreadable'],
])('%j is refused with %s', (typed, code) => {
  expect(schemaResult(password, typed)).toEqual(refusedWith(code))
})

test.each([
  [2, 'lowercaseonly', 'Lower-Case'],
  [3, 'lower123case', 'Lower123case'],
  [3, 'UPPER-LOWER', 'upper-123-lower'],
  [4, 'Upper123lower', 'Upper-123-lower'],
])('with %i required classes %s is refused and %s is accepted', (classes, lacks, has) => {
  const strict = newPassword({ common, classes })
  expect(schemaResult(strict, lacks)).toEqual(refusedWith('password.classes'))
  expect(schemaResult(strict, has)).toBe(has)
})

const person = ['lucy_88', '+8613800000000', '11010519491231002X']

test.each([
  ['the username', 'lucy_88!'],
  ['the username without its digits', 'Lucy@2024'],
  ['the username backwards', '2024ycuL!'],
  ['the username repeated', 'lucylucylucy'],
  ['the username interrupted by punctuation', 'l.u.c.y.2024'],
  ['the phone', '13800000000'],
  ['the last digits of the phone and letters', 'abc00000000'],
  ['a birth date out of the ID number', 'ab19491231'],
  ['a birth date with hyphens', '1949-12-31'],
  ['a long piece of the ID number and letters', 'wxyz10519491231'],
  ['the ID number backwards', 'x20013219'],
])('a password built from %s is refused as personal', (_, typed) => {
  expect(schemaResult(newPassword({ common, classes: 1 }, person), typed)).toEqual(
    refusedWith('password.personal'),
  )
})

test('a part of the username with digits around it counts as built from the username', () => {
  expect(isBuiltFrom('ming2024', ['liming'])).toBe(true)
})

test('short personal words and short pieces of them are ignored', () => {
  expect(isBuiltFrom('xabc-9876', ['abc1'])).toBe(false)
  expect(isBuiltFrom('xabcdez-9876', ['abcdefghij'])).toBe(false)
  expect(isBuiltFrom('xabcdefz-987', ['abcdefghij'])).toBe(true)
})

test.each([
  'lucy met a correct horse',
  'staple-battery-1949',
  'mnbvcxz!lkjhg',
  'uncly-2024-xyz',
  'a1!b2@c3',
])('%s is accepted, because it only shares letters with personal words', (typed) => {
  expect(isBuiltFrom(typed, person)).toBe(false)
})

test('a personal word with 8 more characters around it is accepted', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[g-k]{0,20}$/), (more) => {
      expect(isBuiltFrom(`${more}lucy_88`, ['lucy_88'])).toBe(more.length < 8)
    }),
  )
})

test('without personal words no password is personal', () => {
  fc.assert(fc.property(fc.string(), (typed) => expect(isBuiltFrom(typed, [])).toBe(false)))
})

describe('a form in which username and password are chosen', () => {
  const form = z
    .object({ username, password, passwordAgain })
    .check(passwordsAgree, passwordHidesUsername)

  test('accepts a good pair', () => {
    const typed = {
      username: 'lucy_88',
      password: 'a horse of ours',
      passwordAgain: 'a horse of ours',
    }
    expect(schemaResult(form, typed)).toEqual(typed)
  })

  test('reports every field at once', () => {
    expect(
      schemaResult(form, { username: 'lucy_88', password: 'Lucy@2024', passwordAgain: '' }),
    ).toEqual({
      refused: { password: 'password.personal', passwordAgain: 'passwordAgain.missing' },
    })
    expect(
      schemaResult(form, {
        username: '8',
        password: 'a horse of ours',
        passwordAgain: 'A horse of ours',
      }),
    ).toEqual({ refused: { username: 'username.length', passwordAgain: 'passwordAgain.differs' } })
  })
})
