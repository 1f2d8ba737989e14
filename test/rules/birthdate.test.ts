import fc from 'fast-check'
import type { MessageCode } from '../../config/messages.ts'
import { birthdate, dayInChina } from '../../src/people/fields/birthdate.ts'
import { refusedWith, schemaResult } from '../support/schema-result.ts'

const today = '2026-11-24'
const birthdateField = birthdate(today)
const dates = fc
  .date({ min: new Date('1850-01-01'), max: new Date(today), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))

test('every day from 1850 to today is accepted in every usual notation', () => {
  fc.assert(
    fc.property(dates, (date) => {
      const [year = '', month = '', day = ''] = date.split('-')
      const [m, d] = [Number(month), Number(day)]
      for (const typed of [
        date,
        `${year}/${m}/${d}`,
        `${year}.${month}.${day}`,
        year + month + day,
        `${year} ${m} ${d}`,
        `${year}-${m}-${d}`,
        `${year}\u3000${m}\u3000${d}`,
        ` ${year}年${m}月${d}日 `,
        `${year}－${m}－${d}`,
        `\u200e${year}-${month}-${day}\u200b`,
        `${year} 年 ${m} 月 ${d} 号`,
        date.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
      ])
        expect(schemaResult(birthdateField, typed)).toBe(date)
    }),
  )
})

test.each<[string, MessageCode]>([
  ['', 'birthdate.missing'],
  ['1990-02-30', 'birthdate.format'],
  ['1900-02-29', 'birthdate.format'],
  ['2023-13-01', 'birthdate.format'],
  ['1990-00-10', 'birthdate.format'],
  ['31.1.1990', 'birthdate.format'],
  ['900131', 'birthdate.format'],
  ['1990 131', 'birthdate.format'],
  ['1990 1', 'birthdate.format'],
  ['yesterday', 'birthdate.format'],
  ['1849-12-31', 'birthdate.early'],
  ['2026-11-25', 'birthdate.future'],
  ['1990-01-31\0', 'text.unreadable'],
])('%j is refused with %s', (typed, code) => {
  expect(schemaResult(birthdateField, typed)).toEqual(refusedWith(code))
})

test.each(['1850-01-01', today])('%s is at the limit and is accepted', (date) => {
  expect(schemaResult(birthdateField, date)).toBe(date)
})

test('a million spaces in a date are refused without backtracking', () => {
  for (const long of [`1990${' '.repeat(1e6)}x`, `1990 1 1${' '.repeat(1e6)}x`])
    expect(schemaResult(birthdateField, long)).toEqual(refusedWith('birthdate.format'))
})

test('the day changes at midnight in China', () => {
  expect(dayInChina(Date.parse('2026-11-23T15:59:59Z'))).toBe('2026-11-23')
  expect(dayInChina(Date.parse('2026-11-23T16:00:00Z'))).toBe('2026-11-24')
})
