import * as z from 'zod'
import { readBanks } from '../../config/banks.ts'
import { idTypes } from '../../config/id-types.ts'
import { samplePeople, sampleUnits } from '../../sandbox/sample-people.mjs'
import { samplePerson, sampleUnit } from '../../sandbox/sample-person.mjs'
import { bankAccount, bankName, cardFinding } from '../../src/people/fields/bank-card.ts'
import {
  bearerRules,
  documentFields,
  documentRules,
  gender,
} from '../../src/people/fields/id-document.ts'
import { personName } from '../../src/people/fields/person-name.ts'
import { phoneFields, phoneRules } from '../../src/people/fields/phone.ts'
import { unitForm, unitFromForm } from '../../src/people/fields/unit.ts'

const today = '2026-11-24'
const banks = readBanks()

test.each(samplePeople)(
  'the sample person for "$purpose" passes every rule of the registration',
  ({ person }) => {
    expectPersonAccepted(person)
    expectCardAccepted(person)
  },
)

test.each(sampleUnits)(
  'the sample unit for "$purpose" and its handler pass every rule',
  ({ unit, handler }) => {
    const { name, code, legalRepresentative } = unit
    const typed = {
      unitName: name,
      idType: 'uscc',
      idNumber: code,
      legalRepresentative: legalRepresentative.name,
      legalRepresentativeIdNumber: legalRepresentative.idNumber,
    }
    expect(unitFromForm(unitForm(today).parse(typed))).toEqual({
      name,
      code,
      legalRepresentative: legalRepresentative.name,
      legalRepresentativeIdNumber: legalRepresentative.idNumber,
    })
    expectCardAccepted(legalRepresentative)
    expectPersonAccepted(handler)
    expectCardAccepted(handler)
  },
)

test('no two sample people share a document, a card or a phone', () => {
  const people = [
    ...samplePeople.map(({ person }) => person),
    ...sampleUnits.map(({ handler }) => handler),
    sampleUnit.legalRepresentative,
  ]
  for (const field of ['idNumber', 'account', 'phone'] as const)
    expect([field, new Set(people.map((person) => person[field])).size]).toEqual([
      field,
      people.length,
    ])
})

test('the sample people include a minor, a name beyond the BMP, a name with a dot and the person on the welcome page', () => {
  const names = samplePeople.map(({ person }) => person.name)
  expect(names.some((name) => [...name].length < name.length)).toBe(true)
  expect(names.some((name) => name.includes('·'))).toBe(true)
  expect(samplePeople.some(({ person }) => person.birthdate > '2008-11-24')).toBe(true)
  expect(samplePeople.map(({ person }) => person)).toContain(samplePerson)
})

function expectPersonAccepted({
  name,
  idType: typeName,
  idCountry,
  idNumber,
  birthdate,
  sex,
}: Readonly<Record<'name' | 'idType' | 'idNumber' | 'birthdate' | 'sex', string>> & {
  readonly idCountry?: string
}) {
  const identity = z
    .object({ ...documentFields, name: personName, birthdate: z.string(), gender })
    .check(...documentRules(today), ...bearerRules(today))
  const idType = Object.entries(idTypes).find(([, chinese]) => chinese === typeName)?.[0]
  const form = {
    name,
    idType,
    idCountry,
    idNumber,
    birthdate,
    gender: sex === '男' ? 'male' : 'female',
  }
  expect(identity.safeParse(form).error).toBeUndefined()
}

function expectCardAccepted({
  bank,
  account,
  phone,
}: Readonly<Record<'bank' | 'account' | 'phone', string>>) {
  const card = z
    .object({ ...phoneFields(['+86']), bank: bankName(banks), account: bankAccount })
    .check(...phoneRules(['+86']))
  expect(card.safeParse({ bank, account, phone }).data).toMatchObject({ phone: `+86${phone}` })
  expect(cardFinding(account, bank, banks)).toBe('ok')
  expect(banks.find(({ name }) => name === bank)?.debit).toContain(account.slice(0, 6))
}
