import * as z from 'zod'
import { readBanks } from '../../config/banks.ts'
import { idTypes } from '../../config/id-types.ts'
import { samplePerson, sampleUnit } from '../../sandbox/sample-person.mjs'
import { bankAccount, bankName, cardFinding } from '../../src/people/bank-card.ts'
import { bearerRules, documentFields, documentRule, gender } from '../../src/people/id-document.ts'
import { personName } from '../../src/people/person-name.ts'
import { phoneFields, phoneRules } from '../../src/people/phone.ts'
import { unitForm, unitOf } from '../../src/people/unit.ts'

const today = '2026-11-24'
const banks = readBanks()

test('the person that npm start names passes every rule of the registration', () => {
  const { idNumber, birthdate, name, sex } = samplePerson
  expect(idTypes.resident_id).toBe(samplePerson.idType)
  const identity = z
    .object({ ...documentFields, name: personName, birthdate: z.string(), gender })
    .check(documentRule(today), ...bearerRules(today))
  const form = { name, idType: 'resident_id', idNumber, birthdate }
  expect(identity.safeParse({ ...form, gender: sex === '男' ? 'male' : 'female' }).success).toBe(
    true,
  )
  expectGoodCard(samplePerson)
})

test('the unit that npm start names passes every rule, and its legal representative has a card', () => {
  const { name, code, legalRepresentative } = sampleUnit
  const typed = {
    unitName: name,
    idType: 'uscc',
    idNumber: code,
    legalRepresentative: legalRepresentative.name,
    legalRepresentativeIdNumber: legalRepresentative.idNumber,
  }
  expect(unitOf(unitForm(today).parse(typed))).toEqual({
    name,
    code,
    legalRepresentative: legalRepresentative.name,
    legalRepresentativeIdNumber: legalRepresentative.idNumber,
  })
  expectGoodCard(legalRepresentative)
})

function expectGoodCard({
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
