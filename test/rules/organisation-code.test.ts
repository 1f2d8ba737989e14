import fc from 'fast-check'
import type { MessageCode } from '../../config/messages.ts'
import { organisationCode, usccFinding } from '../../src/people/fields/organisation-code.ts'
import { refusedWith, schemaResult } from '../support/schema-result.ts'

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const known = ['91350200776049653A', '91440300708461136T']

test.each(known)('%s is accepted in lower case and with spaces around it', (code) => {
  expect(schemaResult(organisationCode, ` ${code.toLowerCase()} `)).toBe(code)
  expect(usccFinding(code)).toBe('ok')
})

test('a code that was issued with a wrong check digit is accepted with a warning', () => {
  expect(schemaResult(organisationCode, '91350203M0001QAY9B')).toBe('91350203M0001QAY9B')
  expect(usccFinding('91350203M0001QAY9B')).toBe('check_failed')
})

test('a single wrong character is always detected', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...known),
      fc.integer({ min: 0, max: 17 }),
      fc.constantFrom(...alphabet),
      (code, at, wrong) => {
        fc.pre(code[at] !== wrong)
        expect(usccFinding(code.slice(0, at) + wrong + code.slice(at + 1))).toBe('check_failed')
      },
    ),
  )
})

test.each<[string, MessageCode]>([
  ['', 'uscc.missing'],
  ['9135020077604965', 'uscc.short'],
  ['91350200776049653AA', 'uscc.long'],
  ['9135020077604965IA', 'uscc.characters'],
  ['91350200-76049653A', 'uscc.characters'],
  ['91350200776049653\0', 'text.unreadable'],
])('%j is refused with %s', (typed, code) => {
  expect(schemaResult(organisationCode, typed)).toEqual(refusedWith(code))
})
