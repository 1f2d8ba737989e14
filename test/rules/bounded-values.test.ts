import { boundedValues } from '../../src/adapters/metrics/bounded-values.ts'

test('a label of a metric has 100 values at most: 99 of its own and `other`', () => {
  const bounded = boundedValues()
  const values = Array.from({ length: 500 }, (_, n) => bounded(`value ${n}`))
  expect(new Set(values).size).toBe(100)
  expect(values[98]).toBe('value 98')
  expect(new Set(values.slice(99))).toEqual(new Set(['other']))
  expect(bounded('value 0')).toBe('value 0')
})
