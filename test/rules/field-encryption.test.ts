import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { type EncryptionContext, fieldEncryption } from '../../src/adapters/crypto/encryption.ts'

const first = { version: '1', key: randomBytes(32) }
const second = { version: '2', key: randomBytes(32) }
const digestKey = randomBytes(32)
const encryption = fieldEncryption([first], digestKey)
const context: EncryptionContext = { collection: 'accounts', record: 'a', field: 'phone' }

const anyText = fc.string({ unit: 'binary' })
const anyContext = fc.record({ collection: anyText, record: anyText, field: anyText })

test('any text can be decrypted in the context in which it was encrypted', () => {
  fc.assert(
    fc.property(anyText, anyContext, (value, context) => {
      expect(encryption.decrypt(encryption.encrypt(value, context), context)).toBe(value)
    }),
  )
})

test('a value can not be decrypted in another context', () => {
  fc.assert(
    fc.property(anyContext, anyContext, (context, otherContext) => {
      fc.pre(JSON.stringify(context) !== JSON.stringify(otherContext))
      const value = encryption.encrypt('+8613800000000', context)
      expect(() => encryption.decrypt(value, otherContext)).toThrow()
    }),
  )
})

test.each([
  ['another person', { ...context, record: 'b' }],
  ['another field', { ...context, field: 'name' }],
  ['another collection', { ...context, collection: 'audit' }],
  ['parts that join to the same text', { collection: 'accounts', record: 'ap', field: 'hone' }],
])('an encrypted value can not be moved to %s', (_, otherContext) => {
  expect(() =>
    encryption.decrypt(encryption.encrypt('+8613800000000', context), otherContext),
  ).toThrow()
})

test('a changed byte anywhere is detected', () => {
  const [version, body = ''] = encryption.encrypt('李明', context).split('.')
  const bytes = Buffer.from(body, 'base64url')
  for (const index of bytes.keys()) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
    expect(() =>
      encryption.decrypt(`${version}.${changed.toString('base64url')}`, context),
    ).toThrow()
  }
})

test('a truncated value is detected', () => {
  const whole = encryption.encrypt('李明', context)
  for (let length = 0; length < whole.length; length += 1)
    expect(() => encryption.decrypt(whole.slice(0, length), context)).toThrow()
})

test('each encryption of a value gives another ciphertext, which does not contain the value', () => {
  const values = Array.from({ length: 50 }, () => encryption.encrypt('13800000000', context))
  expect(new Set(values).size).toBe(50)
  for (const value of values)
    expect(Buffer.from(value.split('.')[1] ?? '', 'base64url').includes('13800000')).toBe(false)
})

test('the first key encrypts, and older keys still decrypt', () => {
  const rotated = fieldEncryption([second, first], digestKey)
  expect(rotated.decrypt(encryption.encrypt('李明', context), context)).toBe('李明')
  expect(rotated.encrypt('李明', context)).toMatch(/^2\./)
  expect(() => encryption.decrypt(rotated.encrypt('李明', context), context)).toThrow(
    'no data key of version 2 for accounts',
  )
})

test('a value with the version of another key is refused', () => {
  const both = fieldEncryption([first, second], digestKey)
  expect(() => both.decrypt(both.encrypt('李明', context).replace(/^1/, '2'), context)).toThrow()
})

test('a value that was never encrypted is refused', () => {
  for (const value of ['', '.', '1', '1.', '李明', '+8613800000000'])
    expect(() => encryption.decrypt(value, context)).toThrow()
})

test('encryption without a data key is refused', () => {
  expect(() => fieldEncryption([], digestKey)).toThrow('no data key')
})

test('a blind index is equal for equal values only within its domain and key', () => {
  fc.assert(
    fc.property(anyText, anyText, (one, other) => {
      fc.pre(one !== other)
      const lookupDigest = encryption.blindIndex('accounts.phone', one)
      expect(fieldEncryption([second], digestKey).blindIndex('accounts.phone', one)).toBe(
        lookupDigest,
      )
      expect(encryption.blindIndex('accounts.phone', other)).not.toBe(lookupDigest)
      expect(encryption.blindIndex('accounts.card', one)).not.toBe(lookupDigest)
      expect(fieldEncryption([first], randomBytes(32)).blindIndex('accounts.phone', one)).not.toBe(
        lookupDigest,
      )
    }),
  )
})
