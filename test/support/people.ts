import { randomInt } from 'node:crypto'
import { type IdType, idTypes } from '../../config/id-types.ts'
import { withCheck } from './id-numbers.ts'

/** An invented person, with all data that registration asks for. */
export type SamplePerson = {
  readonly username: string
  readonly password: string
  readonly name: string
  readonly idType: IdType
  /** The issuing country of a passport, BRA by default. */
  readonly idCountry?: string
  readonly idNumber: string
  readonly gender: 'male' | 'female'
  readonly birthdate: string
  readonly bank: string
  readonly account: string
  /** Eleven digits. */
  readonly phone: string
}

export const digits = (count: number) =>
  Array.from({ length: count }, () => String(randomInt(10))).join('')

/** Returns 16 digits that pass the Luhn check. */
export function cardNumber(prefix: string): string {
  const body = prefix + digits(15 - prefix.length)
  const check = [...'0123456789'].find((digit) => luhn(body + digit))
  return body + check
}

const luhn = (number: string) =>
  [...number].reverse().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 ? 2 : 1)
    return sum + (value > 9 ? value - 9 : value)
  }, 0) %
    10 ===
  0

let people = 0
const firstSequence = randomInt(90)

/** Counts the people of a test file, since random numbers alone could give two people the same ID number. */
function residentId(): string {
  people += 1
  const region = String(people % 10_000).padStart(4, '0')
  const sequence = String(firstSequence + Math.floor(people / 10_000)).padStart(2, '0')
  return withCheck(`44${region}19900307${sequence}7`)
}

export function samplePerson(more: Partial<SamplePerson> = {}): SamplePerson {
  return {
    ...(more.idType === 'passport' && { idCountry: 'BRA' }),
    username: `user${digits(10)}`,
    password: `correct horse ${digits(8)}`,
    name: '林小满',
    idType: 'resident_id',
    idNumber: residentId(),
    gender: 'male',
    birthdate: '1990-03-07',
    bank: '招商银行',
    account: cardNumber('621483'),
    phone: `13${digits(9)}`,
    ...more,
  }
}

/** 证件类型, 签发国家或地区 and 证件号 as a form sends them. */
export const documentTyped = ({ idType, idCountry, idNumber }: SamplePerson) => ({
  idType,
  ...(idCountry && { idCountry }),
  idNumber,
})

/** The card's record for the simulated bank, to be put at `/bank/cards/{account}`. */
export const bankRecord = (
  { bank, name, idType, idCountry, idNumber, phone }: SamplePerson,
  kind = 'debit',
) => ({
  bank,
  name,
  idType: idTypes[idType],
  ...(idCountry && { idCountry }),
  idNumber,
  phone,
  kind,
})
