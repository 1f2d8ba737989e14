import * as z from 'zod'
import type { MessageCode } from '../../../config/messages.ts'
import {
  type PhoneNumbering,
  type PhoneRegion,
  phoneRegions,
} from '../../../config/phone-regions.ts'
import type { MessageParams } from '../refusal.ts'
import { choice, crossFieldRule, field } from './field.ts'
import { compact } from './typed-text.ts'

type PhoneForm = { phoneRegion: PhoneRegion; phone: string }

/**
 * 手机号码 and, if more regions than the mainland are configured, its 国家/地区; to be spread into a form with
 * `.check(...phoneRules(regions))`, which validates them and leaves E.164 in `phone`. Without a select, the first
 * region applies.
 */
export const phoneFields = (regions: readonly PhoneRegion[]) => ({
  phoneRegion: choice(regions, 'phoneRegion.missing').default(regions[0] ?? '+86'),
  phone: field('phone.missing', (typed) => compact(typed).replace(/[-‐-―−().]/g, '')),
})

export const phoneRules = (regions: readonly PhoneRegion[]) =>
  [
    crossFieldRule<PhoneForm>(['phoneRegion', 'phone'], (form, reject) => {
      const read = readPhone(form, regions)
      if ('refused' in read) reject('phone', read.refused, read.params)
    }),
    z.overwrite<PhoneForm>((form) => {
      const read = readPhone(form, regions)
      return 'phone' in read ? { ...form, ...read } : form
    }),
  ] as const

/** A typed country code has precedence over the select. On the mainland it is also written without `+` or `00`. */
function readPhone(
  { phoneRegion, phone: typed }: PhoneForm,
  regions: readonly PhoneRegion[],
): PhoneForm | { refused: MessageCode; params?: MessageParams } {
  const international = typed.replace(/^00/, '+').replace(/^86(?=1\d{10}$)/, '+86')
  const named = regions.find((code) => international.startsWith(code))
  if (international.startsWith('+') && !named) return { refused: 'phone.region' }
  const region = named ?? phoneRegion
  const { digits, mobile, machine, trunk = '' }: PhoneNumbering = phoneRegions[region]
  const afterCode = named ? international.slice(named.length) : international
  const number =
    afterCode.length > digits ? afterCode.replace(new RegExp(`^${trunk}`), '') : afterCode
  if (!/^\d+$/.test(number)) return { refused: 'phone.characters' }
  if (number.length < digits) return { refused: 'phone.short', params: { digits } }
  if (number.length > digits) return { refused: 'phone.long', params: { digits } }
  if (!mobile.test(number)) return { refused: 'phone.notMobile' }
  return machine?.test(number)
    ? { refused: 'phone.machine' }
    : { phoneRegion: region, phone: region + number }
}

/** Masks a number in E.164: `138****0000`, from other regions with the country code: `+852 91****67`. */
export function maskedPhone(phone: string): string {
  if (phone.startsWith('+86') && phone.length === 14)
    return `${phone.slice(3, 6)}****${phone.slice(-4)}`
  const region = /^\+(85[23]|886)/.exec(phone)?.[0] ?? ''
  return `${region} ${phone.slice(region.length, region.length + 2)}****${phone.slice(-2)}`.trim()
}
