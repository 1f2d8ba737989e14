import fc from 'fast-check'
import * as z from 'zod'
import type { MessageCode } from '../../config/messages.ts'
import type { PhoneRegion } from '../../config/phone-regions.ts'
import { maskedPhone, phoneFields, phoneRules } from '../../src/people/fields/phone.ts'
import { schemaResult } from '../support/schema-result.ts'

const form = (regions: readonly PhoneRegion[]) =>
  z.object(phoneFields(regions)).check(...phoneRules(regions))
const mainland = form(['+86'])
const everywhere = form(['+86', '+852', '+853', '+886'])

const mobiles = fc.stringMatching(/^1[3-9]\d{9}$/).filter((number) => !/^14[01468]/.test(number))

test('mainland mobile numbers become E.164 from every usual notation', () => {
  fc.assert(
    fc.property(mobiles, (number) => {
      const groups = `${number.slice(0, 3)} ${number.slice(3, 7)}-${number.slice(7)}`
      const wide = number.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))
      for (const typed of [
        number,
        groups,
        wide,
        `+86${number}`,
        `+86 ${groups}`,
        `0086${number}`,
        `86${number}`,
      ])
        expect(schemaResult(mainland, { phone: typed })).toEqual({
          phoneRegion: '+86',
          phone: `+86${number}`,
        })
    }),
  )
})

test.each<[PhoneRegion, string, string]>([
  ['+852', '9123 4567', '+85291234567'],
  ['+852', '+852 9123 4567', '+85291234567'],
  ['+853', '66123456', '+85366123456'],
  ['+886', '0912 345 678', '+886912345678'],
  ['+886', '912345678', '+886912345678'],
  ['+886', '00886912345678', '+886912345678'],
  ['+886', '+8860912345678', '+886912345678'],
])('%s %s becomes %s, which stays as it is', (phoneRegion, typed, phone) => {
  expect(schemaResult(everywhere, { phoneRegion, phone: typed })).toEqual({ phoneRegion, phone })
  expect(schemaResult(everywhere, { phoneRegion, phone })).toEqual({ phoneRegion, phone })
})

test('a typed country code takes precedence over the chosen one', () => {
  expect(schemaResult(everywhere, { phoneRegion: '+86', phone: '+85291234567' })).toEqual({
    phoneRegion: '+852',
    phone: '+85291234567',
  })
})

test.each<[string, MessageCode]>([
  ['', 'phone.missing'],
  ['1380000000', 'phone.short'],
  ['138000000000', 'phone.long'],
  ['1380000000o', 'phone.characters'],
  ['+', 'phone.region'],
  ['12800000000', 'phone.notMobile'],
  ['075588100099', 'phone.long'],
  ['14000000000', 'phone.machine'],
  ['14100000000', 'phone.machine'],
  ['14400000000', 'phone.machine'],
  ['14600000000', 'phone.machine'],
  ['14800000000', 'phone.machine'],
  ['+85291234567', 'phone.region'],
  ['+1 202 555 0100', 'phone.region'],
  ['1380000\u00000000', 'text.unreadable'],
])('%j is refused on the mainland with %s', (phone, code) => {
  expect(schemaResult(mainland, { phone })).toEqual({ refused: { phone: code } })
})

test.each<[string, string, object]>([
  ['+852', '21234567', { phone: 'phone.notMobile' }],
  ['+853', '28123456', { phone: 'phone.notMobile' }],
  ['+886', '0212345678', { phone: 'phone.notMobile' }],
  ['+852', '13800000000', { phone: 'phone.long' }],
  ['+1', '13800000000', { phoneRegion: 'phoneRegion.missing' }],
])('%s %s is refused', (phoneRegion, phone, refused) => {
  expect(schemaResult(everywhere, { phoneRegion, phone })).toEqual({ refused })
})

test.each([
  ['+8613800000000', '138****0000'],
  ['+85291234567', '+852 91****67'],
  ['+886912345678', '+886 91****78'],
])('%s is shown as %s', (phone, masked) => {
  expect(maskedPhone(phone)).toBe(masked)
})
