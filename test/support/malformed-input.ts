import type { FilledPage } from './person-at-forms.ts'

type Fields = Readonly<Record<string, string>>

/** Invalid values of a field, made from a valid one. */
export const invalidValues: Readonly<Record<string, (value: string) => string>> = {
  empty: () => '',
  'over-long': () => 'a1'.repeat(2000),
  'with control characters': (value) => `${value}\u0000\u0007`,
  'half a character': () => '\ufffd',
  'another type': () => '{"$gt":""}',
}

export const encoded = (fields: Fields) => new URLSearchParams(fields).toString()

/** Request bodies in which one field is not a single UTF-8 text. */
export const malformedBodies = (
  whole: Fields,
  field: string,
): Readonly<Record<string, string>> => ({
  doubled: `${encoded(whole)}&${field}=x`,
  'an array': encoded(whole).replace(`${field}=`, `${field}[]=`),
  nested: encoded(whole).replace(`${field}=`, `${field}[$ne]=`),
  dotted: encoded(whole).replace(`${field}=`, `${field}.x=`),
  'in GBK': encoded(whole).replace(`${field}=`, `${field}=%C1%D6`),
  'no percent-encoding': encoded(whole).replace(`${field}=`, `${field}=%zz`),
})

/** Expects a 4xx response that explains the problem. */
export function expectExplanation(
  { status, heading, faults, text }: FilledPage,
  what: string,
): void {
  expect([what, status, status >= 400 && status < 500]).toEqual([what, status, true])
  expect([what, heading]).not.toEqual([what, ''])
  if (status === 422) expect([what, faults.length]).not.toEqual([what, 0])
  else expect(text).toMatch(/[。？]/)
}
