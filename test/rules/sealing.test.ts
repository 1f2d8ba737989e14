import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { type Place, sealing } from '../../src/adapters/sealing.ts'

const first = { version: '1', key: randomBytes(32) }
const second = { version: '2', key: randomBytes(32) }
const digestKey = randomBytes(32)
const sealed = sealing([first], digestKey)
const place: Place = { collection: 'accounts', record: 'a', field: 'phone' }

const anyText = fc.string({ unit: 'binary' })
const anyPlace = fc.record({ collection: anyText, record: anyText, field: anyText })

test('what was sealed opens at its place, whatever it is', () => {
  fc.assert(
    fc.property(anyText, anyPlace, (value, at) => {
      expect(sealed.open(sealed.seal(value, at), at)).toBe(value)
    }),
  )
})

test('and at no other place', () => {
  fc.assert(
    fc.property(anyPlace, anyPlace, (at, elsewhere) => {
      fc.pre(JSON.stringify(at) !== JSON.stringify(elsewhere))
      const value = sealed.seal('+8613800000000', at)
      expect(() => sealed.open(value, elsewhere)).toThrow()
    }),
  )
})

test.each([
  ['another person', { ...place, record: 'b' }],
  ['another field', { ...place, field: 'name' }],
  ['another collection', { ...place, collection: 'audit' }],
  ['parts that join to the same text', { collection: 'accounts', record: 'ap', field: 'hone' }],
])('two sealed values can not be swapped: %s', (_, elsewhere) => {
  expect(() => sealed.open(sealed.seal('+8613800000000', place), elsewhere)).toThrow()
})

test('a changed byte anywhere is noticed', () => {
  const [version, body = ''] = sealed.seal('李明', place).split('.')
  const bytes = Buffer.from(body, 'base64url')
  for (const index of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
    expect(() => sealed.open(`${version}.${changed.toString('base64url')}`, place)).toThrow()
  }
})

test('a value that was cut short is noticed', () => {
  const whole = sealed.seal('李明', place)
  for (let length = 0; length < whole.length; length += 1)
    expect(() => sealed.open(whole.slice(0, length), place)).toThrow()
})

test('the same value is sealed differently each time, and never in clear', () => {
  const values = Array.from({ length: 50 }, () => sealed.seal('13800000000', place))
  expect(new Set(values).size).toBe(50)
  for (const value of values)
    expect(Buffer.from(value.split('.')[1] ?? '', 'base64url').includes('13800000')).toBe(false)
})

test('the first key seals, older ones still open', () => {
  const rotated = sealing([second, first], digestKey)
  expect(rotated.open(sealed.seal('李明', place), place)).toBe('李明')
  expect(rotated.seal('李明', place)).toMatch(/^2\./)
  expect(() => sealed.open(rotated.seal('李明', place), place)).toThrow(
    'no data key of version 2 for accounts',
  )
})

test('a value can not be passed off as sealed by another key', () => {
  const both = sealing([first, second], digestKey)
  expect(() => both.open(both.seal('李明', place).replace(/^1/, '2'), place)).toThrow()
})

test('a value that was never sealed does not open', () => {
  for (const value of ['', '.', '1', '1.', '李明', '+8613800000000'])
    expect(() => sealed.open(value, place)).toThrow()
})

test('no key, no sealing', () => {
  expect(() => sealing([], digestKey)).toThrow('no data key')
})

test('a digest finds the same value again, in its own domain and under its own key only', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      fc.pre(one !== other)
      const digest = sealed.digest('accounts.phone', one)
      expect(sealing([second], digestKey).digest('accounts.phone', one)).toBe(digest)
      expect(sealed.digest('accounts.phone', other)).not.toBe(digest)
      expect(sealed.digest('accounts.card', one)).not.toBe(digest)
      expect(sealing([first], randomBytes(32)).digest('accounts.phone', one)).not.toBe(digest)
    }),
  )
})
