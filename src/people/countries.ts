import { commonCountries, countryCodes, countryNames } from '../../config/country-codes.ts'
import type { Locale } from '../../config/sentences.ts'

/** A country or region by its ISO 3166-1 alpha-3 code. */
export type CountryCode = string

export const isCountry = (code: string | undefined): code is CountryCode =>
  code !== undefined && countryCodes.has(code)

/** The name of a country: the configured one, otherwise CLDR's. */
export const countryName = (code: CountryCode, locale: Locale): string =>
  countryNames[code]?.[locale] ?? displayNames[locale].of(countryCodes.get(code) ?? '') ?? code

/** All countries with their names: the common ones first, the others in the alphabetical order of the language. */
export function countriesIn(locale: Locale): readonly Country[] {
  const known = sorted.get(locale) ?? sortedIn(locale)
  sorted.set(locale, known)
  return known
}

export type Country = { readonly code: CountryCode; readonly name: string }

const sorted = new Map<Locale, readonly Country[]>()

function sortedIn(locale: Locale): readonly Country[] {
  const others = [...countryCodes.keys()].filter((code) => !commonCountries.includes(code))
  const named = (code: CountryCode) => ({ code, name: countryName(code, locale) })
  const { compare } = new Intl.Collator(locale)
  return [
    ...commonCountries.map(named),
    ...others.map(named).sort((one, other) => compare(one.name, other.name)),
  ]
}

const displayNames = {
  'zh-CN': new Intl.DisplayNames('zh-CN', { type: 'region' }),
  en: new Intl.DisplayNames('en', { type: 'region' }),
} as const satisfies Record<Locale, Intl.DisplayNames>
