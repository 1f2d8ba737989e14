import fc from 'fast-check'
import { policy } from '../../config/limits-and-lifetimes.ts'
import { wholeMonths } from '../../src/people/calendar.ts'
import { hasSameHolder, provesSameHolder } from '../../src/proofs/same-holder.ts'

const inChina = (time: string) => Date.parse(`${time}+08:00`)
const { trustWithout } = policy().numberAge
const hour = 60 * 60 * 1000

describe('wholeMonths', () => {
  test.each([
    ['2026-03-15T10:00', '2026-03-15T10:00', 0],
    ['2026-03-15T10:00', '2026-04-15T09:59', 0],
    ['2026-03-15T10:00', '2026-04-15T10:00', 1],
    ['2026-01-31T00:00', '2026-02-28T23:59', 0],
    ['2026-01-31T00:00', '2026-03-01T00:00', 1],
    ['2025-12-31T23:00', '2026-01-31T22:59', 0],
    ['2025-12-31T23:00', '2026-12-31T23:00', 12],
    ['2024-02-29T12:00', '2025-02-28T12:00', 11],
    ['2024-02-29T12:00', '2025-03-01T00:00', 12],
    // In UTC, this would be from 31 March to 30 April, which is not a whole month.
    ['2026-04-01T01:00', '2026-05-01T01:00', 1],
    ['2026-06-01T00:00', '2026-05-31T23:59', -1],
  ])('counts from %s to %s in China %i months', (from, to, months) => {
    expect(wholeMonths(inChina(from), inChina(to))).toBe(months)
  })

  const moment = fc.date({
    min: new Date('2000-01-01'),
    max: new Date('2100-01-01'),
    noInvalidDate: true,
  })

  test('never counts more months than have passed, nor a whole month less', () =>
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [from, to] = a < b ? [a.getTime(), b.getTime()] : [b.getTime(), a.getTime()]
        const days = (to - from) / (24 * hour)
        const months = wholeMonths(from, to)
        expect(months).toBeGreaterThanOrEqual(0)
        expect(months * 30.436875).toBeLessThan(days + 3)
        expect((months + 1) * 30.436875).toBeGreaterThan(days - 3)
      }),
    ))

  test('never decreases as time passes', () =>
    fc.assert(
      fc.property(moment, fc.nat(2000), fc.nat(2000), (from, hours, more) => {
        const at = (h: number) => wholeMonths(from.getTime(), from.getTime() + h * hour)
        expect(at(hours + more)).toBeGreaterThanOrEqual(at(hours))
      }),
    ))
})

describe('isSameHolder', () => {
  test.each([
    [0, 0, true],
    [0, 1, false],
    [5, 5, true],
    [5, 6, false],
    [24, 24, true],
    [24, 25, false],
    [120, 3, true],
  ])('with %i months on the network and %i since the check is %s', (months, since, same) => {
    expect(provesSameHolder({ months }, since, trustWithout)).toBe(same)
  })

  test('is false exactly when the number was issued at least a month after the check', () =>
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), (months, since) => {
        expect(provesSameHolder({ months }, since, trustWithout)).toBe(!(months + 1 <= since))
      }),
    ))

  test('is true for everybody who had the number at the check, although the operator counts only whole months', () =>
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), (before, since) => {
        expect(provesSameHolder({ months: before + since }, since, trustWithout)).toBe(true)
      }),
    ))

  test.each(['unknown', 'unavailable'] as const)(
    'accepts a check under six months old when the age is %s',
    (age) => {
      expect(provesSameHolder(age, 0, trustWithout)).toBe(true)
      expect(provesSameHolder(age, 5, trustWithout)).toBe(true)
      expect(provesSameHolder(age, 6, trustWithout)).toBe(false)
      expect(provesSameHolder(age, 60, trustWithout)).toBe(false)
    },
  )
})

test('sameHolder asks the operator once about the number, and counts the months since the check in China', async () => {
  const asked: string[] = []
  const ask = (months: number) => async (phone: string) => {
    asked.push(phone)
    return { months }
  }
  const checkedAt = inChina('2026-01-31T00:00')
  const now = inChina('2026-03-01T00:00')
  const same = (months: number, at = now) =>
    hasSameHolder('+8613800000000', checkedAt, at, {
      numberAges: { ask: ask(months) },
      policy: policy(),
    })
  expect(await same(0)).toBe(false)
  expect(await same(1)).toBe(true)
  expect(await same(0, now - 1)).toBe(true)
  expect(asked).toEqual(['+8613800000000', '+8613800000000', '+8613800000000'])
})
