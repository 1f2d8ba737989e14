import { commonCountries, countryCodes } from '../../config/country-codes.ts'
import { locales } from '../../config/sentences.ts'
import { countriesIn, countryName, isCountry } from '../../src/people/countries.ts'

test('every code of ISO 3166-1 is listed once', () => {
  expect(countryCodes.size).toBe(249)
  expect(new Set(countryCodes.values()).size).toBe(249)
  for (const [alpha3, alpha2] of countryCodes)
    expect([alpha3, alpha2]).toEqual([
      expect.stringMatching(/^[A-Z]{3}$/),
      expect.stringMatching(/^[A-Z]{2}$/),
    ])
})

test.each(locales)(
  'in %s every country has a name of its own, and the common ones come first',
  (locale) => {
    const all = countriesIn(locale)
    expect(all.map(({ code }) => code).slice(0, commonCountries.length)).toEqual(commonCountries)
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set(countryCodes.keys()))
    expect(new Set(all.map(({ name }) => name)).size).toBe(249)
    for (const { code, name } of all) {
      expect(name).not.toBe(countryCodes.get(code))
      expect(name.length).toBeGreaterThan(1)
    }
  },
)

test.each([
  ['BRA', '巴西', 'Brazil'],
  ['DEU', '德国', 'Germany'],
  ['HKG', '中国香港', 'Hong Kong, China'],
  ['TWN', '中国台湾', 'Taiwan, China'],
])('%s is called %s and %s', (code, chinese, english) => {
  expect([countryName(code, 'zh-CN'), countryName(code, 'en')]).toEqual([chinese, english])
})

test.each([undefined, '', 'BR', 'bra', 'XKX', 'toString'])('%j is no country', (code) => {
  expect(isCountry(code)).toBe(false)
})
