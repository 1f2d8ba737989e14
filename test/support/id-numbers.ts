import fc from 'fast-check'

/** Appends the check character of GB 11643. It is implemented independently of the code under test. */
export const withCheck = (seventeen: string): string => {
  const sum = [...seventeen].reduceRight(
    (all, digit, at) => all + Number(digit) * (2 ** (17 - at) % 11),
    0,
  )
  return seventeen + '10X98765432'.charAt(sum % 11)
}

const birthdates = fc
  .date({ min: new Date('1850-01-01'), max: new Date('2026-11-24'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

const digits = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: length, maxLength: length })

export type IdHolder = { number: string; birthdate: string; gender: 'male' | 'female' }

/** Generates ID numbers of 18 characters whose first six come from `regions`. */
const idHolders = (regions: fc.Arbitrary<string>): fc.Arbitrary<IdHolder> =>
  fc.tuple(regions, birthdates, digits(3)).map(([region, birthdate, sequence]) => ({
    number: withCheck(region + birthdate.replaceAll('-', '') + sequence),
    birthdate,
    gender: Number(sequence) % 2 ? 'male' : 'female',
  }))

export const residents = idHolders(
  fc.tuple(fc.constantFrom(...'1234567'), digits(5)).map(([first, rest]) => first + rest),
)
export const permitHolders = idHolders(fc.constantFrom('810000', '820000', '830000'))
export const foreigners = idHolders(digits(5).map((rest) => `9${rest}`))
