import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { hasSubject } from '../../src/sso/clients/client-certificate.ts'
import { certificate } from '../support/certificates.ts'

type Part = readonly [type: 'C' | 'CN' | 'O', value: string]

/** Values with everything that RFC 4514, 2.4, escapes. */
const value = fc
  .string({ unit: fc.constantFrom(...'ab 深,+"\\<>;=#é'), minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() === text)
const name = fc.array(fc.tuple(fc.constantFrom('C', 'CN', 'O'), value), {
  minLength: 1,
  maxLength: 4,
})

/** Writes a name as RFC 4514 does, last part first, each character that needs it escaped by `escaped`. */
const written = (parts: readonly Part[], escaped: (character: string) => string): string =>
  parts
    .map(([type, text]) => `${type}=${text.replace(/[,+"\\<>;=#]/g, escaped)}`)
    .toReversed()
    .join(',')

const byBackslash = (character: string) => `\\${character}`
const byHex = (character: string) => `\\${Buffer.from(character).toString('hex')}`

const subjectOf = (parts: readonly Part[]) =>
  new X509Certificate(certificate({ subject: parts }).cert)

const matches = (parts: readonly Part[], expected: string) =>
  hasSubject(subjectOf(parts), 'tls_client_auth_subject_dn', expected)

test('a subject matches its RFC 4514 form, however its characters are escaped', () => {
  fc.assert(
    fc.property(name, (parts) => {
      expect(matches(parts, written(parts, byBackslash))).toBe(true)
      expect(matches(parts, written(parts, byHex))).toBe(true)
    }),
    { numRuns: 40 },
  )
})

test('a subject does not match the form of another name', () => {
  fc.assert(
    fc.property(name, name, (parts, others) => {
      fc.pre(JSON.stringify(parts) !== JSON.stringify(others))
      expect(matches(parts, written(others, byBackslash))).toBe(false)
    }),
    { numRuns: 40 },
  )
})

test('a value that looks like the beginning of another part stays one value', () => {
  const parts: Part[] = [['O', 'Bureau\nCN=terminal 1']]
  expect(matches(parts, 'CN=terminal 1,O=Bureau')).toBe(false)
})
