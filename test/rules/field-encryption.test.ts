import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { durableEncryption } from '../../src/adapters/crypto/durable-keys.ts'
import { type EncryptionContext, usableKey } from '../../src/adapters/crypto/encryption.ts'
import { keyedDigests } from '../../src/adapters/crypto/keyed-digests.ts'
import { redisEncryption } from '../../src/adapters/crypto/redis-encryption.ts'
import { digestOf } from '../../src/adapters/crypto/value-ciphers.ts'
import { testEncryption } from '../support/test-encryption.ts'

const context: EncryptionContext = { collection: 'accounts', record: 'a', field: 'phone' }
const roots = [randomBytes(32), randomBytes(32)] as const

/** Encrypts with data key `encrypts` of two, and looks up by the keys of `indexes`. */
function withTwoKeys(crypto: 'aes' | 'sm', encrypts: number, indexes: readonly number[]) {
  const [first, second] = roots.map((root) => usableKey(root, crypto))
  const keys = new Map(
    Object.entries({ 1: first, 2: second }).flatMap(([n, key]) =>
      key ? ([[Number(n), key]] as const) : [],
    ),
  )
  const present = {
    ...{ crypto, keys, encrypts, indexes, dataKey: encrypts, earlier: new Map() },
    blindIndex: keyedDigests(digestOf[crypto], roots[0]),
  }
  return durableEncryption(() => present)
}

const anyText = fc.string({ unit: 'binary' })
const anyContext = fc.record({ collection: anyText, record: anyText, field: anyText })

describe.each(['aes', 'sm'] as const)('%s', (crypto) => {
  const encryption = testEncryption(randomBytes(32), crypto)

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
    const [algorithm, version, body = ''] = encryption.encrypt('李明', context).split('.')
    const bytes = Buffer.from(body, 'base64url')
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index)
      expect(() =>
        encryption.decrypt(`${algorithm}.${version}.${changed.toString('base64url')}`, context),
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
      expect(Buffer.from(value.split('.')[2] ?? '', 'base64url').includes('13800000')).toBe(false)
  })

  test('the present key encrypts, and older keys still decrypt', () => {
    const [before, after] = [withTwoKeys(crypto, 1, [1]), withTwoKeys(crypto, 2, [2])]
    expect(after.decrypt(before.encrypt('李明', context), context)).toBe('李明')
    expect(after.encrypt('李明', context)).toMatch(new RegExp(`^${crypto}\\.2\\.`))
    const newer = after.encrypt('李明', context)
    expect(() => encryption.decrypt(newer, context)).toThrow(
      'no data key of version 2 for accounts',
    )
  })

  test('a value with the version or the algorithm of another key is refused', () => {
    const both = withTwoKeys(crypto, 1, [1])
    const value = both.encrypt('李明', context)
    for (const other of [
      value.replace('.1.', '.2.'),
      value.replace(/^(aes|sm)/, crypto === 'aes' ? 'sm' : 'aes'),
    ])
      expect(() => both.decrypt(other, context)).toThrow()
  })

  test('a value that was never encrypted is refused', () => {
    for (const value of [
      '',
      '.',
      '1',
      '1.',
      '1.1.',
      'aes.1.',
      'sm.1.',
      'x.1.abc',
      '李明',
      '+8613800000000',
    ])
      expect(() => encryption.decrypt(value, context)).toThrow()
  })

  test('values of one algorithm are decrypted while the other one encrypts', () => {
    const other = testEncryption(roots[0], crypto === 'aes' ? 'sm' : 'aes')
    const own = testEncryption(roots[0], crypto)
    expect(own.decrypt(other.encrypt('李明', context), context)).toBe('李明')
  })

  test('a lookup index is equal for equal values only within its domain and key, and tells its version', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        fc.pre(one !== other)
        const [index] = encryption.lookupIndexes('accounts.phone', one)
        expect(index).toMatch(/^i1\.[\w-]{43}$/)
        expect(encryption.lookupIndexes('accounts.phone', one)).toEqual([index])
        expect(encryption.lookupIndexes('accounts.phone', other)).not.toEqual([index])
        expect(encryption.lookupIndexes('accounts.card', one)).not.toEqual([index])
        expect(
          testEncryption(randomBytes(32), crypto).lookupIndexes('accounts.phone', one),
        ).not.toEqual([index])
      }),
    )
  })

  test('while two versions are looked up, a value has the indexes of both, the newest first', () => {
    const indexesOf = (indexes: readonly number[]) =>
      withTwoKeys(crypto, 2, indexes).lookupIndexes('accounts.phone', '+8613800000000')
    expect(indexesOf([2, 1])).toEqual([...indexesOf([2]), ...indexesOf([1])])
  })

  test('a new first key of Redis encrypts, and neither loses values nor digests', () => {
    const [old, added] = [
      { version: '1', key: roots[0] },
      { version: '2', key: roots[1] },
    ]
    const derived = randomBytes(32)
    const before = redisEncryption([old], derived, crypto)
    const after = redisEncryption([added, old], derived, crypto)
    expect(after.decrypt(before.encrypt('李明', context), context)).toBe('李明')
    expect(after.encrypt('李明', context)).toMatch(new RegExp(`^${crypto}\\.2\\.`))
    expect(after.blindIndex('flow', 'x')).toBe(before.blindIndex('flow', 'x'))
    expect(redisEncryption([added], derived, crypto).blindIndex('flow', 'x')).not.toBe(
      before.blindIndex('flow', 'x'),
    )
    const first = redisEncryption(undefined, derived, crypto).encrypt('李明', context)
    expect(before.decrypt(first, context)).toBe('李明')
  })
})
