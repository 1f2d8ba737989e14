import fc from 'fast-check'
import { policy } from '../../config/policy.ts'
import { wholeMonths } from '../../src/people/calendar.ts'
import { isSameHolder, sameHolder } from '../../src/proofs/number-age.ts'

const inChina = (time: string) => Date.parse(`${time}+08:00`)
const { trustWithout } = policy().numberAge
const hour = 60 * 60 * 1000

describe('whole months of the calendar in China', () => {
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
    // in UTC from 31 March to 30 April: none
    ['2026-04-01T01:00', '2026-05-01T01:00', 1],
    ['2026-06-01T00:00', '2026-05-31T23:59', -1],
  ])('from %s to %s: %i', (from, to, months) => {
    expect(wholeMonths(inChina(from), inChina(to))).toBe(months)
  })

  const moment = fc.date({
    min: new Date('2000-01-01'),
    max: new Date('2100-01-01'),
    noInvalidDate: true,
  })

  test('never more than have passed, never a whole one less', () =>
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

  test('later is never less', () =>
    fc.assert(
      fc.property(moment, fc.nat(2000), fc.nat(2000), (from, hours, more) => {
        const at = (h: number) => wholeMonths(from.getTime(), from.getTime() + h * hour)
        expect(at(hours + more)).toBeGreaterThanOrEqual(at(hours))
      }),
    ))
})

describe('a number is younger than its last bank check', () => {
  test.each([
    [0, 0, true],
    [0, 1, false],
    [5, 5, true],
    [5, 6, false],
    [24, 24, true],
    [24, 25, false],
    [120, 3, true],
  ])('%i months on the network, %i since the check: the same holder %s', (months, since, same) => {
    expect(isSameHolder({ months }, since, trustWithout)).toBe(same)
  })

  test('exactly when its age and one month more are no more than what passed since', () =>
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), (months, since) => {
        expect(isSameHolder({ months }, since, trustWithout)).toBe(!(months + 1 <= since))
      }),
    ))

  test('whoever had it at the check is never taken for another, as the operator counts whole months', () =>
    fc.assert(
      fc.property(fc.nat(600), fc.nat(600), (before, since) => {
        expect(isSameHolder({ months: before + since }, since, trustWithout)).toBe(true)
      }),
    ))

  test.each(['unknown', 'unavailable'] as const)(
    '%s: a check under six months old stands alone',
    (age) => {
      expect(isSameHolder(age, 0, trustWithout)).toBe(true)
      expect(isSameHolder(age, 5, trustWithout)).toBe(true)
      expect(isSameHolder(age, 6, trustWithout)).toBe(false)
      expect(isSameHolder(age, 60, trustWithout)).toBe(false)
    },
  )
})

test('the operator is asked once, about that number, and the time since the check is China’s', async () => {
  const asked: string[] = []
  const ask = (months: number) => async (phone: string) => {
    asked.push(phone)
    return { months }
  }
  const provedAt = inChina('2026-01-31T00:00')
  const now = inChina('2026-03-01T00:00')
  const same = (months: number, at = now) =>
    sameHolder('+8613800000000', provedAt, at, {
      numberAges: { ask: ask(months) },
      policy: policy(),
    })
  expect(await same(0)).toBe(false)
  expect(await same(1)).toBe(true)
  expect(await same(0, now - 1)).toBe(true)
  expect(asked).toEqual(['+8613800000000', '+8613800000000', '+8613800000000'])
})
